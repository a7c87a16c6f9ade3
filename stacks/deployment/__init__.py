"""A stage -> CDK's command line: diff, deploy, destroy, bootstrap, and what a deployment gave."""
