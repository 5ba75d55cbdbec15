import { useEffect } from "preact/hooks";
import { common } from "../core/messages";
import { match } from "../core/paths";
import { place } from "../core/router";
import { isChoosingWorkspace } from "../core/session";
import { AcceptInvitation } from "./AcceptInvitation";
import { ChooseWorkspace } from "./ChooseWorkspace";
import { ForgotPassword, ResetPassword } from "./Passwords";
import { loadSignupPolicy } from "./public/signupPolicy";
import { SignIn } from "./SignIn";
import { SignUp } from "./SignUp";
import { Verify } from "./Verify";
import "./auth.css";

/** What people see who aren't signed in, or haven't chosen yet where they go. */
export default function AuthPages() {
  const { path } = place.value;
  const invitation = match("/invitations/:token", path);
  const reset = match("/reset/:token?", path);
  const verification = match("/verify/:token", path);
  useEffect(() => {
    void loadSignupPolicy();
  }, []);
  return (
    <div class="auth">
      <main class="auth-card">
        <Logo />
        {isChoosingWorkspace.value ? (
          <ChooseWorkspace />
        ) : invitation ? (
          <AcceptInvitation token={invitation.token ?? ""} />
        ) : verification ? (
          <Verify token={verification.token ?? ""} />
        ) : path === "/signup" ? (
          <SignUp />
        ) : path === "/forgot" ? (
          <ForgotPassword />
        ) : reset ? (
          <ResetPassword token={reset.token ?? ""} />
        ) : (
          <SignIn />
        )}
      </main>
    </div>
  );
}

function Logo() {
  return (
    <p class="auth-mark">
      <svg viewBox="0 0 32 32" width="28" height="28" aria-hidden="true">
        <rect width="32" height="32" rx="9" fill="var(--accent)" />
        <path
          d="M10 24V9.500h12.500M10 16.500h9"
          fill="none"
          stroke="var(--on-accent)"
          stroke-width="3.200"
          stroke-linecap="round"
          stroke-linejoin="round"
        />
        <circle cx="22" cy="22.500" r="2.400" fill="var(--on-accent)" />
      </svg>
      {common.name}
    </p>
  );
}
