"""The figures beside the peer's, as a table for people and as JSON for later."""

from __future__ import annotations

from typing import Any

PEER = "Live Helper Chat 4.90"
PEER_ACTIONS = {
    "visitor's message": {"cpu": 2.0, "per_second": 942},
    "list of 50 conversations": {"cpu": 6.7, "per_second": 284},
    "reading 50 messages": {"cpu": 2.9, "per_second": 659},
    "start a chat": {"cpu": 18.7, "per_second": 104},
}
"""CPU milliseconds a request and requests a second at 8 clients, of the peer on such a machine."""
PEER_SEEN_MS = 1750
PEER_IDLE_MB = 314


def to_table(result: dict[str, Any]) -> str:
    """The table."""
    lines = [
        "",
        f"{'action':26}{'clients':>8}{'req/s':>9}{'p50 ms':>9}{'p95':>8}{'p99':>8}"
        f"{'CPU ms: app':>13}{'engine':>8}   {PEER}",
    ]
    for each in result["actions"]:
        peer = PEER_ACTIONS[each["action"]] if each["clients"] == 8 else None
        beside = f"{peer['per_second']} req/s, {peer['cpu']} ms CPU" if peer else ""
        lines.append(
            f"{each['action']:26}{each['clients']:>8}{each['per_second']:>9.0f}{each['p50']:>9.1f}"
            f"{each['p95']:>8.1f}{each['p99']:>8.1f}{each['application_cpu']:>13.2f}"
            f"{each['engine_cpu']:>8.2f}   {beside}"
        )
    others = result["machine"]["cores_used_by_others"]
    lines.append(f"Others used {others} of {result['machine']['cores']} cores meanwhile.")
    lines.append("")
    for way, seen in result["seen"].items():
        lines.append(
            f"{way + ', sent to seen':40} p50 {seen['p50']} ms, p95 {seen['p95']} ms"
            f"   (peer: {PEER_SEEN_MS} ms on average)"
        )
    idle, crowd = result["idle"], result["crowd"]
    lines += [
        f"{'idle':40} {idle['memory_mb']} MB ({idle['parts']}), "
        f"{idle['cpu_percent']} % of a core   (peer: {PEER_IDLE_MB} MB)",
        f"{crowd['sockets']} visitors' sockets{'':22} {crowd['memory_kb_per_socket']} kB each; "
        f"a presence refresh {crowd['refresh_application_cpu_ms']} ms CPU "
        f"+ {crowd['refresh_engine_cpu_ms']} ms engine",
        "",
    ]
    return "\n".join(lines)
