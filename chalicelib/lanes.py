"""What is slow or tells somebody outside: its lane, a queue with a function of its own.

`wiring.py` has everything else. The functions import this and not that (`queues.py`), so they
know no more of the application than their reactions. A new lane is a name here and its rights in
infra/policies/grants.yaml; docs/decisions/0023-lanes.md says why it is so.
"""

from __future__ import annotations

from chalicelib.auth import reactions as auth_reactions
from chalicelib.auth.events import MemberInvited, PasswordForgotten, VerificationAsked
from chalicelib.edge.queueing import Lanes

LANES: Lanes = {
    "mail": {
        MemberInvited: [auth_reactions.send_invitation],
        PasswordForgotten: [auth_reactions.send_password_link],
        VerificationAsked: [auth_reactions.send_verification],
    },
}
