"""CloudFront with a web ACL in front of an API that has a name of its own."""
