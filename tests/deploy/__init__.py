"""The packaged artefact, proved: its template, its zip in Lambda's own runtime, its whole stack."""
