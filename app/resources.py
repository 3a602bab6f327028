"""Resources that outlive a run of the script: the worker, the store, the open zoos, each tab's session."""

import logging

import streamlit as st

from app.bench.workbenches import Workbenches
from app.errors import USER_ERRORS
from app.session.session import Session
from app.settings import is_this_machine, settings
from app.work.threads import use_threads
from app.work.worker import Worker
from app.zoo.roots import Roots
from cache.store import Store


@st.cache_resource(show_spinner=False)
def worker() -> Worker:
    """The one thread of this process that merges and evaluates."""
    return Worker(user_errors=USER_ERRORS, prepare=use_threads)


@st.cache_resource(show_spinner=False)
def store() -> Store:
    """The results of this user; what is wrong with them is stated on the terminal too."""
    opened = Store.open()
    if opened.notice is not None:
        logging.getLogger(__name__).warning(opened.notice)
    return opened


@st.cache_resource(show_spinner=False)
def workbenches() -> Workbenches:
    """The zoos open in this process."""
    chosen = settings()
    return Workbenches(
        store(),
        roots=chosen.roots,
        served=Roots.of(chosen.served),
        data_root=chosen.data_root,
        measures_again=chosen.measures_again,
    )


@st.cache_resource(show_spinner=False, scope="session", on_release=Session.leave)
def session() -> Session:
    """What belongs to this browser tab."""
    is_shared = not is_this_machine(st.get_option("server.address") or "")
    return Session(worker(), workbenches(), device=settings().device, is_shared=is_shared)
