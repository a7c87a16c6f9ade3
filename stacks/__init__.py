"""What is deployed: start reading at `access.py`, then `api_stack.py`."""

import os

# Node 20 is served here, and jsii would warn of its end of life at each start. It reads this when
# CDK is first imported, by CDK's command line, a test or Python by hand alike.
os.environ.setdefault("JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION", "20")
