"""The platform's own screens, registered by the factory."""

from app.security.invitation_view import InvitationView
from app.security.role_view import CompanyRolesView
from app.web.agreement_view import AgreementView
from app.web.announcements_page import BoardView
from app.web.apps_page import AppsView
from app.web.attachment_api import AttachmentApi
from app.web.attachment_view import AttachmentView
from app.web.backups_page import BackupsView
from app.web.colleague_view import ColleagueView
from app.web.company_view import CompanyView
from app.web.feedback_page import FeedbackView
from app.web.job_api import JobApi
from app.web.job_view import JobView
from app.web.list_files import ListFileView
from app.web.maintenance_page import MaintenanceView
from app.web.new_users_page import NewUsersView
from app.web.notices_page import NoticesView
from app.web.online_page import OnlineMarkView
from app.web.palette_view import PaletteView
from app.web.provider_page import ProviderView
from app.web.report_view import ReportView
from app.web.second_factor_page import SecondFactorView
from app.web.share_view import ShareView
from app.web.todo_page import TodoView
from app.web.view_as_page import ViewingEndView

PLATFORM_VIEWS = (
    CompanyView,
    AppsView,
    ReportView,
    JobView,
    JobApi,
    NoticesView,
    TodoView,
    MaintenanceView,
    BackupsView,
    BoardView,
    FeedbackView,
    AttachmentView,
    ColleagueView,
    PaletteView,
    OnlineMarkView,
    AttachmentApi,
    CompanyRolesView,
    SecondFactorView,
    InvitationView,
    ListFileView,
    NewUsersView,
    ProviderView,
    ViewingEndView,
    AgreementView,
    ShareView,
)
