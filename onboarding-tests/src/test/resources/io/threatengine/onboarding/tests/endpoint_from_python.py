"""What an SDK of another language sees of the embedded services; run by EndpointFromPythonTest.

Usage: python3 endpoint_from_python.py URL
"""

import sys
import unittest
import uuid

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError, WaiterError

URL = sys.argv[1]
REGION = "eu-central-1"


def client(service, region=REGION, **config):
    return boto3.client(
        service,
        endpoint_url=URL,
        region_name=region,
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=Config(retries={"total_max_attempts": 2}, connect_timeout=5, read_timeout=20, **config),
    )


class Case(unittest.TestCase):
    def refused(self, code, call, *args, **kwargs):
        with self.assertRaises(ClientError) as caught:
            call(*args, **kwargs)
        self.assertEqual(code, caught.exception.response["Error"]["Code"])
        self.assertTrue(caught.exception.response["ResponseMetadata"]["RequestId"])
        return caught.exception.response


class DynamoDb(Case):
    def setUp(self):
        self.db = client("dynamodb")
        self.table = "python-" + uuid.uuid4().hex
        self.db.create_table(
            TableName=self.table,
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[
                {"AttributeName": "id", "AttributeType": "S"},
                {"AttributeName": "owner", "AttributeType": "S"},
            ],
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            GlobalSecondaryIndexes=[
                {
                    "IndexName": "owner-index",
                    "KeySchema": [{"AttributeName": "owner", "KeyType": "HASH"}],
                    "Projection": {"ProjectionType": "ALL"},
                }
            ],
        )
        self.db.get_waiter("table_exists").wait(TableName=self.table, WaiterConfig={"Delay": 1, "MaxAttempts": 5})

    def tearDown(self):
        self.db.delete_table(TableName=self.table)
        self.db.get_waiter("table_not_exists").wait(TableName=self.table, WaiterConfig={"Delay": 1, "MaxAttempts": 5})
        self.db.close()

    def put(self, key, **more):
        return self.db.put_item(TableName=self.table, Item={"id": {"S": key}, "owner": {"S": "o"}, **more})

    def test_items_come_back_as_they_were_put(self):
        self.put("a", text={"S": "Grüße, 漢字 🎉"}, binary={"B": b"\x00\xff"}, number={"N": "12345678901234567890.5"})

        item = self.db.get_item(TableName=self.table, Key={"id": {"S": "a"}}, ConsistentRead=True)["Item"]

        self.assertEqual("Grüße, 漢字 🎉", item["text"]["S"])
        self.assertEqual(b"\x00\xff", item["binary"]["B"])
        self.assertEqual("12345678901234567890.5", item["number"]["N"])

    def test_large_items_and_many_pages(self):
        for i in range(8):
            self.put(f"k{i}", text={"S": "x" * 300_000})

        pages = list(
            self.db.get_paginator("query").paginate(
                TableName=self.table,
                IndexName="owner-index",
                KeyConditionExpression="#o = :o",
                ExpressionAttributeNames={"#o": "owner"},
                ExpressionAttributeValues={":o": {"S": "o"}},
            )
        )
        self.assertGreater(len(pages), 1)
        self.assertEqual(8, sum(page["Count"] for page in pages))
        scanned = self.db.get_paginator("scan").paginate(TableName=self.table, PaginationConfig={"PageSize": 3})
        self.assertEqual([3, 3, 2], [page["Count"] for page in scanned if page["Count"]])

    def test_transactions(self):
        self.put("a")
        put = {"Put": {"TableName": self.table, "Item": {"id": {"S": "b"}}}}
        check = {
            "ConditionCheck": {
                "TableName": self.table,
                "Key": {"id": {"S": "a"}},
                "ConditionExpression": "attribute_not_exists(id)",
                "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
            }
        }

        answer = self.refused("TransactionCanceledException", self.db.transact_write_items, TransactItems=[put, check])

        self.assertEqual(["None", "ConditionalCheckFailed"], [r["Code"] for r in answer["CancellationReasons"]])
        self.assertEqual("a", answer["CancellationReasons"][1]["Item"]["id"]["S"])
        self.assertNotIn("Item", self.db.get_item(TableName=self.table, Key={"id": {"S": "b"}}))

        token = uuid.uuid4().hex
        self.db.transact_write_items(TransactItems=[put], ClientRequestToken=token)
        self.db.transact_write_items(TransactItems=[put], ClientRequestToken=token)
        other = {"Put": {"TableName": self.table, "Item": {"id": {"S": "c"}}}}
        self.refused(
            "IdempotentParameterMismatchException",
            self.db.transact_write_items,
            TransactItems=[other],
            ClientRequestToken=token,
        )

    def test_batches(self):
        puts = [{"PutRequest": {"Item": {"id": {"S": str(i)}}}} for i in range(26)]
        self.refused("ValidationException", self.db.batch_write_item, RequestItems={self.table: puts})
        self.db.batch_write_item(RequestItems={self.table: puts[:25]})
        keys = [{"id": {"S": str(i)}} for i in range(25)]
        got = self.db.batch_get_item(RequestItems={self.table: {"Keys": keys}})
        self.assertEqual(25, len(got["Responses"][self.table]))

    def test_errors(self):
        self.put("a")
        self.refused(
            "ConditionalCheckFailedException",
            self.db.put_item,
            TableName=self.table,
            Item={"id": {"S": "a"}},
            ConditionExpression="attribute_not_exists(id)",
        )
        self.refused("ValidationException", self.put, "b", owner={"NULL": True})
        self.refused(
            "ValidationException",
            self.db.get_item,
            TableName=self.table,
            Key={"id": {"S": "a"}},
            ProjectionExpression="#unknown",
        )
        self.refused("ResourceNotFoundException", self.db.describe_table, TableName="none")
        self.refused("ResourceInUseException", self.create_again)
        self.refused("UnknownOperationException", self.db.list_backups)
        with self.assertRaises(WaiterError):
            self.db.get_waiter("table_exists").wait(TableName="none", WaiterConfig={"Delay": 1, "MaxAttempts": 1})

    def create_again(self):
        self.db.create_table(
            TableName=self.table,
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        )

    def test_the_resource_interface(self):
        table = boto3.resource(
            "dynamodb",
            endpoint_url=URL,
            region_name=REGION,
            aws_access_key_id="test",
            aws_secret_access_key="test",
        ).Table(self.table)
        with table.batch_writer() as batch:
            for i in range(60):
                batch.put_item(Item={"id": str(i), "owner": "o", "n": i})
        self.assertEqual(60, table.scan(Select="COUNT")["Count"])

    def test_streams_have_the_same_address(self):
        self.assertEqual([], client("dynamodbstreams").list_streams(TableName=self.table)["Streams"])


class SecretsManager(Case):
    def setUp(self):
        self.sm = client("secretsmanager")
        self.name = "python/" + uuid.uuid4().hex

    def tearDown(self):
        self.sm.close()

    def versions(self):
        return self.sm.describe_secret(SecretId=self.name)["VersionIdsToStages"]

    def test_create_and_read(self):
        created = self.sm.create_secret(
            Name=self.name, SecretString='{"a": "ü"}', Description="d", Tags=[{"Key": "k", "Value": "v"}]
        )
        for secret_id in (self.name, created["ARN"]):
            got = self.sm.get_secret_value(SecretId=secret_id)
            self.assertEqual('{"a": "ü"}', got["SecretString"])
            self.assertEqual(created["VersionId"], got["VersionId"])
            self.assertEqual(["AWSCURRENT"], got["VersionStages"])
            self.assertTrue(got["CreatedDate"].year >= 2026)
        self.assertEqual("v", self.sm.describe_secret(SecretId=self.name)["Tags"][0]["Value"])
        self.refused("ResourceExistsException", self.sm.create_secret, Name=self.name, SecretString="x")
        self.refused("ResourceNotFoundException", client("secretsmanager", "us-east-1").describe_secret, SecretId=self.name)

    def test_bytes(self):
        self.sm.create_secret(Name=self.name, SecretBinary=b"\x00\x01\xff")
        self.assertEqual(b"\x00\x01\xff", self.sm.get_secret_value(SecretId=self.name)["SecretBinary"])

    def test_stages_of_a_rotation(self):
        first = self.sm.create_secret(Name=self.name, SecretString="1")["VersionId"]
        second = self.sm.put_secret_value(SecretId=self.name, SecretString="2", VersionStages=["AWSPENDING"])["VersionId"]
        self.assertEqual("1", self.sm.get_secret_value(SecretId=self.name)["SecretString"])
        self.assertEqual("2", self.sm.get_secret_value(SecretId=self.name, VersionStage="AWSPENDING")["SecretString"])

        self.refused(
            "InvalidParameterException",
            self.sm.update_secret_version_stage,
            SecretId=self.name,
            VersionStage="AWSCURRENT",
            MoveToVersionId=second,
            RemoveFromVersionId=second,
        )
        self.sm.update_secret_version_stage(
            SecretId=self.name, VersionStage="AWSCURRENT", MoveToVersionId=second, RemoveFromVersionId=first
        )
        self.assertEqual("2", self.sm.get_secret_value(SecretId=self.name)["SecretString"])
        self.assertEqual(["AWSPREVIOUS"], self.versions()[first])
        self.assertEqual({"AWSCURRENT", "AWSPENDING"}, set(self.versions()[second]))
        self.refused(
            "ResourceNotFoundException",
            self.sm.get_secret_value,
            SecretId=self.name,
            VersionId=first,
            VersionStage="AWSCURRENT",
        )
        listed = self.sm.list_secret_version_ids(SecretId=self.name)
        self.assertEqual({first, second}, {version["VersionId"] for version in listed["Versions"]})
        self.refused("InvalidRequestException", self.sm.rotate_secret, SecretId=self.name)

    def test_put_with_the_same_token(self):
        self.sm.create_secret(Name=self.name, SecretString="1")
        token = str(uuid.uuid4())
        for _ in range(2):
            self.sm.put_secret_value(SecretId=self.name, SecretString="2", ClientRequestToken=token)
        self.refused(
            "ResourceExistsException",
            self.sm.put_secret_value,
            SecretId=self.name,
            SecretString="3",
            ClientRequestToken=token,
        )

    def test_delete_and_restore(self):
        self.sm.create_secret(Name=self.name, SecretString="1")
        first = self.sm.delete_secret(SecretId=self.name, RecoveryWindowInDays=7)["DeletionDate"]
        self.assertEqual(first, self.sm.delete_secret(SecretId=self.name, RecoveryWindowInDays=7)["DeletionDate"])
        for call, more in (
            (self.sm.get_secret_value, {}),
            (self.sm.put_secret_value, {"SecretString": "2"}),
            (self.sm.tag_resource, {"Tags": [{"Key": "k", "Value": "v"}]}),
        ):
            self.refused("InvalidRequestException", call, SecretId=self.name, **more)
        answer = self.refused("InvalidRequestException", self.sm.create_secret, Name=self.name, SecretString="2")
        self.assertIn("scheduled for deletion", answer["Error"]["Message"])

        self.sm.restore_secret(SecretId=self.name)
        self.assertEqual("1", self.sm.get_secret_value(SecretId=self.name)["SecretString"])

        self.sm.delete_secret(SecretId=self.name, ForceDeleteWithoutRecovery=True)
        self.refused("ResourceNotFoundException", self.sm.describe_secret, SecretId=self.name)

    def test_many_in_pages_and_batches(self):
        names = [f"{self.name}/{i}" for i in range(5)]
        for name in names:
            self.sm.create_secret(Name=name, SecretString=name)
        under = [{"Key": "name", "Values": [self.name + "/"]}]
        pages = list(
            self.sm.get_paginator("list_secrets").paginate(Filters=under, PaginationConfig={"PageSize": 2})
        )
        self.assertEqual([2, 2, 1], [len(page["SecretList"]) for page in pages])
        self.assertEqual(set(names), {secret["Name"] for page in pages for secret in page["SecretList"]})

        batch = self.sm.batch_get_secret_value(SecretIdList=[*names, "python/none"])
        self.assertEqual(set(names), {value["SecretString"] for value in batch["SecretValues"]})
        self.assertEqual(["ResourceNotFoundException"], [error["ErrorCode"] for error in batch["Errors"]])

    def test_arguments(self):
        self.refused("ValidationException", self.sm.create_secret, Name="with space", SecretString="x")
        self.refused("ValidationException", self.sm.create_secret, Name=self.name, SecretString="x" * 65_537)
        self.refused("InvalidParameterException", self.sm.create_secret, Name=self.name, SecretString="x", SecretBinary=b"x")
        self.refused("ResourceNotFoundException", self.sm.get_secret_value, SecretId="python/none")
        password = self.sm.get_random_password(PasswordLength=20, ExcludePunctuation=True)["RandomPassword"]
        self.assertTrue(len(password) == 20 and password.isalnum())


class Kms(Case):
    def setUp(self):
        self.kms = client("kms")
        self.key = self.kms.create_key(Description="from python")["KeyMetadata"]["KeyId"]

    def tearDown(self):
        self.kms.close()

    def test_encrypt_and_decrypt(self):
        alias = "alias/python-" + uuid.uuid4().hex
        self.kms.create_alias(AliasName=alias, TargetKeyId=self.key)
        blob = self.kms.encrypt(KeyId=alias, Plaintext=b"x", EncryptionContext={"a": "b"})["CiphertextBlob"]

        self.assertEqual(b"x", self.kms.decrypt(CiphertextBlob=blob, EncryptionContext={"a": "b"})["Plaintext"])
        self.refused("InvalidCiphertextException", self.kms.decrypt, CiphertextBlob=blob)
        other = self.kms.create_key()["KeyMetadata"]["KeyId"]
        self.refused(
            "IncorrectKeyException", self.kms.decrypt, CiphertextBlob=blob, EncryptionContext={"a": "b"}, KeyId=other
        )
        aliases = self.kms.get_paginator("list_aliases").paginate(PaginationConfig={"PageSize": 1})
        self.assertIn(alias, [found["AliasName"] for page in aliases for found in page["Aliases"]])

    def test_data_keys(self):
        made = self.kms.generate_data_key(KeyId=self.key, KeySpec="AES_256")
        self.assertEqual(32, len(made["Plaintext"]))
        self.assertEqual(made["Plaintext"], self.kms.decrypt(CiphertextBlob=made["CiphertextBlob"])["Plaintext"])

    def test_keys_that_cannot_be_used(self):
        sm = client("secretsmanager")
        name = "python/" + uuid.uuid4().hex
        sm.create_secret(Name=name, SecretString="x", KmsKeyId=self.key)
        self.kms.disable_key(KeyId=self.key)
        self.refused("DisabledException", self.kms.encrypt, KeyId=self.key, Plaintext=b"x")
        with self.assertRaises(ClientError) as caught:
            sm.get_secret_value(SecretId=name)
        self.assertIn(caught.exception.response["Error"]["Code"], ("AccessDeniedException", "DecryptionFailure"))
        self.kms.enable_key(KeyId=self.key)
        self.assertEqual("x", sm.get_secret_value(SecretId=name)["SecretString"])

        self.refused("ValidationException", self.kms.schedule_key_deletion, KeyId=self.key, PendingWindowInDays=6)
        self.kms.schedule_key_deletion(KeyId=self.key, PendingWindowInDays=7)
        self.refused("KMSInvalidStateException", self.kms.encrypt, KeyId=self.key, Plaintext=b"x")
        self.refused("NotFoundException", self.kms.describe_key, KeyId="alias/none")
        self.refused("MalformedPolicyDocumentException", self.kms.create_key, Policy="{")


class Protocol(Case):
    def test_regions_must_be_regions(self):
        for service, call in (("dynamodb", "list_tables"), ("secretsmanager", "list_secrets"), ("kms", "list_keys")):
            self.refused("InvalidSignatureException", getattr(client(service, "nowhere"), call))

    def test_unsigned_calls_are_refused(self):
        from botocore import UNSIGNED

        for service, call in (("dynamodb", "list_tables"), ("secretsmanager", "list_secrets"), ("kms", "list_keys")):
            unsigned = client(service, signature_version=UNSIGNED)
            self.refused("MissingAuthenticationTokenException", getattr(unsigned, call))

    def test_what_is_not_there_is_unknown(self):
        self.refused("UnknownOperationException", client("kms").list_grants, KeyId="x")
        self.refused("UnknownOperationException", client("ssm").describe_parameters)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
