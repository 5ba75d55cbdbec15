"""What `wiring` collects of this module."""

from chalicelib.conversations import actions, frames, jobs, routes, service
from chalicelib.edge.modules import Module
from chalicelib.realtime.service import Topic

MODULE = Module(
    routes=routes.api,
    actions=actions.ACTIONS,
    pushes=frames.PUSHES,
    ids={"conversations": ("cnv",)},
    topics={
        "conversations": Topic(service.may_watch_list),
        "assigned": Topic(service.may_watch_assigned, home="conversations"),
        "conversation": Topic(service.may_watch, home="conversations"),
    },
    due={service.WAKE: jobs.wake, service.COUNT: jobs.count_all},
    jobs=(jobs.migrate_snoozes,),
)
