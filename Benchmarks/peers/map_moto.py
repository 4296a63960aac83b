"""One execution in moto's interpreter of state machines; prints the seconds from its start to its end."""

import os
import sys
import time
from pathlib import Path

os.environ.update(AWS_ACCESS_KEY_ID="none", AWS_SECRET_ACCESS_KEY="none", AWS_DEFAULT_REGION="us-east-1")

import boto3
from moto import mock_aws

definition, document = (Path(path).read_text() for path in sys.argv[1:3])
with mock_aws(config={"stepfunctions": {"execute_state_machine": True}}):
    client = boto3.client("stepfunctions")
    machine = client.create_state_machine(
        name="machine", definition=definition, roleArn="arn:aws:iam::123456789012:role/none"
    )["stateMachineArn"]
    start = time.perf_counter()
    execution = client.start_execution(stateMachineArn=machine, input=document)["executionArn"]
    while (status := client.describe_execution(executionArn=execution)["status"]) == "RUNNING":
        time.sleep(0.005)
    seconds = time.perf_counter() - start
if status != "SUCCEEDED":
    sys.exit(f"moto ended with {status}")
print(seconds)
