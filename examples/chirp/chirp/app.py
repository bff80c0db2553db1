"""Puts the parts together."""

from __future__ import annotations

from dataclasses import dataclass, field

from chirp.accounts.directory import Directory
from chirp.accounts.service import AccountService
from chirp.ads.campaigns import Campaigns
from chirp.ads.conversions import ConversionReporter
from chirp.ads.exchange import ExchangeClient
from chirp.ads.meta import MetaAds
from chirp.ads.targeting import Targeting
from chirp.analytics.tracker import Tracker
from chirp.events import EventBus
from chirp.outbox import Outbox
from chirp.posts.timeline import Timeline
from chirp.reach import Reach
from chirp.security.alerts import LoginAlerts
from chirp.security.codes import LoginCodes
from chirp.security.notify import Notifier
from chirp.security.sessions import SessionLog
from chirp.security.sms import SmsGateway
from chirp.settings import Settings
from chirp.warehouse import Warehouse


@dataclass
class App:
    """Everything a request or a job needs."""

    settings: Settings = field(default_factory=Settings)
    directory: Directory = field(default_factory=Directory)
    sessions: SessionLog = field(default_factory=SessionLog)
    warehouse: Warehouse = field(default_factory=Warehouse)
    reach: Reach = field(default_factory=Reach)
    sales: Outbox = field(default_factory=Outbox)
    signups: Outbox = field(default_factory=Outbox)
    bus: EventBus = field(default_factory=EventBus)
    sms: SmsGateway = field(default_factory=SmsGateway)

    def __post_init__(self) -> None:
        self.accounts = AccountService(self.directory, self.bus)
        self.codes = LoginCodes(Notifier(self.sms))
        self.alerts = LoginAlerts(self.sessions, Notifier(self.sms))
        self.tracker = Tracker()
        self.meta = MetaAds(self.settings)
        self.conversions = ConversionReporter(self.sales, self.signups)
        self.campaigns = Campaigns(ExchangeClient(self.settings.exchange_url))
        self.timeline = Timeline(self.campaigns, Targeting(self.sessions))
        self.subscribe()

    def subscribe(self) -> None:
        """Tell each part what it waits for."""
        self.bus.subscribe("account.logged_in", self.alerts.on_login)
        self.bus.subscribe("account.registered", self.conversions.on_registered)
        self.bus.subscribe("account.upgraded", self.conversions.on_upgraded)
        self.bus.subscribe("account.upgraded", self.tracker.on_upgraded)
