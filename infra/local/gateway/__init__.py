"""API Gateway on one machine: HTTP and sockets in, answers out, AWS's limits kept."""
