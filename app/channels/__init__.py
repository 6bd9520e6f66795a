"""Channels: notices by WeCom, DingTalk and Feishu, through the robots of a company's groups."""

from flask import Flask

from app.channels.sending import CARRIER, FEATURES
from app.notices.chat import set_chat_carrier
from app.online import register_online_features

__all__ = ["install_channels"]


def install_channels(app: Flask) -> None:
    """Have notices carried to chats, each service a function that needs the internet. After `install_online`."""
    set_chat_carrier(app, CARRIER)
    register_online_features(app, *FEATURES)
