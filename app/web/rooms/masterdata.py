"""Screens of master data: partners, products, units, currencies, taxes, calendar, option lists."""

from typing import Any

from flask_appbuilder.security.sqla.models import User

from app.addon_loader.contributions import AddonSetup
from app.crud.calendars.diary import Calendar
from app.crud.fields import ChoiceField, ParsedField, TextField
from app.crud.forms import Lines
from app.crud.importing.definition import ImportColumn, Importer
from app.crud.view import CrudView
from app.database.columns import utc_now
from app.errors import Text
from app.i18n import _
from app.masterdata.choices import IdentityType, PartnerKind
from app.masterdata.holdings import Holding
from app.masterdata.models import (
    CalendarDay,
    Currency,
    Option,
    OptionList,
    Partner,
    Product,
    ProductCategory,
    SellableItem,
    TaxRate,
    UnitOfMeasure,
)
from app.masterdata.normalise import parse_phone
from app.masterdata.options import delete_option, rename_option
from app.masterdata.partner_files import change_partner, open_partner
from app.security.masking import mask_id_number, mask_phone
from app.security.roles import CRUD, Role
from app.web.duplicates_page import DuplicatesPage
from app.web.numbering_page import NumberingPage
from app.web.rooms import erasure

READ = ("list", "show")
WRITE = (*READ, "add", "edit")
PARTNER_FIELDS = {
    "name": TextField(_("Name"), maximum=200, required=True),
    "kind": ChoiceField(_("Kind"), choices=PartnerKind, required=True, default=PartnerKind.PERSON),
    "phone": ParsedField(_("Phone"), parser=parse_phone),
    "mail": TextField(_("Mail"), maximum=254),
    "wechat": TextField(_("WeChat"), maximum=40),
    "tax_no": TextField(_("Tax number"), maximum=40),
    "id_type": ChoiceField(_("Identity document"), choices=IdentityType),
    "id_no": TextField(_("Identity number"), maximum=40),
}
_LIVE = (Partner.archived_at.is_(None), Partner.anonymised_at.is_(None))
KEEPER = Role(
    "masterdata_keeper",
    _("Master data keeper"),
    {
        "masterdata.Partner": (*WRITE, "export"),
        **{
            f"masterdata.{name}": (*CRUD, "export", "import") for name in ("Product", "ProductCategory", "SellableItem")
        },
        **{f"masterdata.{name}": (*CRUD, "export") for name in ("UnitOfMeasure", "Currency", "TaxRate", "CalendarDay")},
        "masterdata.OptionList": (*READ, "export"),
        "masterdata.Option": (*CRUD, "export"),
        "masterdata.Numbering": ("show", "set", "export"),
        "masterdata.Duplicates": ("show", "merge", "export"),
    },
)
# For companies that sell without a front desk: who buys, pays or signs for somebody is entered here.
CLERK = Role("masterdata_partner_clerk", _("Partner clerk"), {"masterdata.Partner": WRITE})


class PartnerView(CrudView):
    """All partners of the company; an add-on that keeps files of its own about them has a screen of its own, too."""

    model = Partner
    title = _("Partners")
    verbs = WRITE
    list_columns = ("number", "name", "kind", "tax_no", "owner", "created_at")
    form_columns = (*PARTNER_FIELDS, "owner_id")
    edit_columns = tuple(PARTNER_FIELDS)
    show_only = ("number", "custodian", "created_at", "anonymised_at")
    fieldsets = (
        (_("Partner"), ("number", "name", "kind", "owner_id", "custodian", "created_at", "anonymised_at")),
        (_("Contact"), ("phone", "mail", "wechat")),
        (_("Identity"), ("tax_no", "id_type", "id_no")),
    )
    search_columns = ("name", "kind", "owner_id", "created_at")
    labels = {"tax_no": _("Tax number")}
    fields = PARTNER_FIELDS
    personal = {"phone": mask_phone, "id_no": mask_id_number}
    create_with = open_partner
    update_with = change_partner


class ProductView(CrudView):
    """Products and services."""

    model = Product
    title = _("Products")
    list_columns = ("code", "style_no", "name", "spec", "brand", "kind", "category", "base_uom", "tax_category")
    form_columns = (
        *("code", "name", "style_no", "spec", "brand", "kind"),
        *("category_id", "base_uom_id", "second_uom_id", "tax_category", "attributes"),
    )
    search_columns = ("code", "style_no", "name", "brand", "kind", "category_id")
    hidden_columns = ("kind", "tax_category")
    importer = Importer(
        (
            ImportColumn("code", ("产品编码",), "P-001"),
            ImportColumn("name", ("产品名称",), "三居室"),
            ImportColumn("style_no", ("款号",), "K9-001"),
            ImportColumn("spec", ("规格",), "89.50 m²"),
            ImportColumn("brand", ("品牌",), "云栖"),
            ImportColumn("kind", ("类型",), "goods"),
            ImportColumn("category_id", ("产品分类",), "001"),
            ImportColumn("base_uom_id", ("计量单位",), "套"),
        )
    )
    labels = {
        "style_no": _("Style number"),
        "spec": _("Specification"),
        "base_uom": _("Unit"),
        "base_uom_id": _("Unit"),
        "second_uom": _("Second unit"),
        "second_uom_id": _("Second unit"),
    }
    order = ("code", "asc")


class SellableItemView(CrudView):
    """Single pieces: flats, cars, animals."""

    model = SellableItem
    title = _("Single items")
    list_columns = ("serial", "product", "note")
    form_columns = ("product_id", "serial", "note")
    search_columns = ("serial", "product_id")
    order = ("serial", "asc")
    importer = Importer((ImportColumn("product_id", example="P-001"), ImportColumn("serial", example="8-1203")))


class ProductCategoryView(CrudView):
    """Classes of products."""

    model = ProductCategory
    title = _("Product categories")
    list_columns = ("code", "name", "parent")
    form_columns = ("code", "name", "parent_id")
    search_columns = ("code", "name")
    order = ("code", "asc")
    importer = Importer((ImportColumn("code", example="001"), ImportColumn("name", example="住宅")))


class UnitOfMeasureView(CrudView):
    """Units, each with its size in the dimension's base unit."""

    model = UnitOfMeasure
    title = _("Units of measure")
    list_columns = form_columns = ("code", "name", "dimension", "factor")
    search_columns = ("code", "name", "dimension")
    order = ("code", "asc")


class CurrencyView(CrudView):
    """Currencies that the company uses."""

    model = Currency
    title = _("Currencies")
    list_columns = form_columns = ("code", "name", "exponent")
    search_columns = ("code", "name")
    labels = {"exponent": _("Decimals")}
    order = ("code", "asc")


class TaxRateView(CrudView):
    """Tax rates, each valid from a day on."""

    model = TaxRate
    title = _("Tax rates")
    list_columns = form_columns = ("category", "kind", "rate", "valid_from")
    search_columns = ("category", "kind", "valid_from")
    labels = {"rate": _("Tax rate")}


class CalendarDayView(CrudView):
    """Holidays, and weekend days that are worked in exchange."""

    model = CalendarDay
    title = _("Calendar")
    list_columns = form_columns = ("day", "kind", "name")
    search_columns = ("day", "kind", "name")
    order = ("day", "desc")
    calendar = Calendar("day", title="name", colour="kind")


OPTION_LABELS: dict[str, Text] = {"position": _("Place in the list")}


class OptionListView(CrudView):
    """The lists that fields take their values from (S:CORE-14)."""

    model = OptionList
    title = _("Option lists")
    verbs = READ
    list_columns = form_columns = ("name", "key")
    hidden_columns = ("key",)
    search_columns = ("name", "key")
    labels = OPTION_LABELS
    lines = Lines("options", ("name", "position", "archived_at"), key="name", label=_("Options"))
    order = ("name", "asc")


class OptionView(CrudView):
    """The values of the lists; deleting a used one archives it (S:CORE-14)."""

    model = Option
    title = _("Options")
    list_columns = ("list", "name", "position", "archived_at")
    form_columns = ("list_id", "name", "position")
    edit_columns = ("name", "position")
    search_columns = ("list_id", "name")
    labels = OPTION_LABELS

    @staticmethod
    def update_with(record: Option, *, actor: User, **values: Any) -> None:
        """Rename and move an option; only what is given changes."""
        if "name" in values:
            rename_option(record, name=values["name"])
        if "position" in values:
            record.position = values["position"] or 0

    @staticmethod
    def delete_with(record: Option, *, actor: User) -> None:
        """Delete an option, or archive it where records use it."""
        delete_option(record, now=utc_now())


def setup(addon: AddonSetup) -> None:
    """Record the screens."""
    addon.add_models(
        *(Partner, Product, ProductCategory, SellableItem, UnitOfMeasure, Currency, TaxRate),
        *(CalendarDay, OptionList, Option),
    )
    addon.add_roles(KEEPER, CLERK)
    erasure.setup(addon)
    addon.add_page(NumberingPage, menu="Master data/Number series", icon="hash")
    addon.add_holdings(
        Holding("masterdata.partners", _("Partners"), Partner, _LIVE, partner="id"),
        Holding("masterdata.custody", _("Files in custody"), Partner, _LIVE, holder="custodian_id"),
    )
    addon.add_page(DuplicatesPage, menu="Master data/Duplicates", icon="git-merge")
    addon.add_view(PartnerView, menu="Master data/Partners", icon="users")
    addon.add_view(ProductView, menu="Master data/Products", icon="package")
    addon.add_view(SellableItemView, menu="Master data/Single items", icon="tag")
    addon.add_view(ProductCategoryView, menu="Master data/Product categories", icon="tag")
    addon.add_view(UnitOfMeasureView, menu="Master data/Units of measure", icon="hash")
    addon.add_view(CurrencyView, menu="Master data/Currencies", icon="banknote")
    addon.add_view(TaxRateView, menu="Master data/Tax rates", icon="percent")
    addon.add_view(CalendarDayView, menu="Master data/Calendar", icon="calendar")
    addon.add_view(OptionListView, menu="Master data/Option lists", icon="list-checks")
    addon.add_view(OptionView, menu="Master data/Options", icon="list")
