"""The whole of Foyer on one machine: `python -m infra.local`.

What AWS does around the application's functions is done here by one process: API Gateway
(`gateway`, `sockets`, `management`), EventBridge (`clock`), the stream's event source mapping
(`poller`) and the engines that keep the data (`engines`). See docs/local.md and
docs/decisions/0003-one-machine.md.
"""
