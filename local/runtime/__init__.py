"""LocalApp's functions -> answers: each function runs under the real Lambda runtime client."""
