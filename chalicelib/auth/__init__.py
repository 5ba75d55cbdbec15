"""People who work in workspaces: accounts, signing in, members and their roles, invitations."""
