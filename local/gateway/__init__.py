"""Request -> response as an HTTP API of Amazon API Gateway answers it. No sockets."""
