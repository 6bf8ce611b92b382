"""The first schema."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# SQLite counts rows by themselves only in a column that says INTEGER.
_SURROGATE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "channels",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("paused_at", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("probe_at", sa.BigInteger(), nullable=True),
        sa.Column("paused_total", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("(paused_at IS NULL) = (probe_at IS NULL)", name=op.f("ck_channels_paused")),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_channels")),
    )
    op.create_table(
        "entities",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("removed_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entities")),
    )
    op.create_table(
        "feeds",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("configured_url", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column("etag", sa.Text(), nullable=True),
        sa.Column("last_modified", sa.Text(), nullable=True),
        sa.Column("body_hash", sa.Text(), nullable=True),
        sa.Column("failures", sa.Float(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("first_contact_at", sa.BigInteger(), nullable=True),
        sa.Column("tried_at", sa.BigInteger(), nullable=True),
        sa.Column("last_success_at", sa.BigInteger(), nullable=True),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("moved_to", sa.Text(), nullable=True),
        sa.Column("moved_times", sa.Integer(), nullable=False),
        sa.Column("publisher_every", sa.BigInteger(), nullable=True),
        sa.Column("skip_hours", sa.Text(), nullable=True),
        sa.Column("skip_days", sa.Text(), nullable=True),
        sa.Column("stopped_at", sa.BigInteger(), nullable=True),
        sa.Column("lease_worker", sa.Text(), nullable=True),
        sa.Column("leased_until", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("removed_at", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("(lease_worker IS NULL) = (leased_until IS NULL)", name=op.f("ck_feeds_lease")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feeds")),
    )
    op.create_index(
        "ix_feeds_due",
        "feeds",
        ["due_at", "id"],
        unique=False,
        sqlite_where=sa.text("removed_at IS NULL AND stopped_at IS NULL"),
        postgresql_where=sa.text("removed_at IS NULL AND stopped_at IS NULL"),
    )
    op.create_index(
        "ix_feeds_leased",
        "feeds",
        ["host"],
        unique=False,
        sqlite_where=sa.text("lease_worker IS NOT NULL"),
        postgresql_where=sa.text("lease_worker IS NOT NULL"),
    )
    op.create_table(
        "recipients",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("timezone", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("removed_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recipients")),
    )
    op.create_table(
        "watches",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("looked_back", sa.Text(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("removed_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_watches")),
    )
    op.create_table(
        "workers",
        sa.Column("id", _SURROGATE, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("trouble", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workers")),
        sa.UniqueConstraint("name", name=op.f("uq_workers_name")),
    )
    op.create_table(
        "deliveries",
        sa.Column("id", _SURROGATE, nullable=False),
        sa.Column("recipient_id", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("window", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("dead_reason", sa.Text(), nullable=True),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("planned_at", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("first_attempt_at", sa.BigInteger(), nullable=True),
        sa.Column("paused_before", sa.BigInteger(), nullable=True),
        sa.Column("lease_worker", sa.Text(), nullable=True),
        sa.Column("leased_until", sa.BigInteger(), nullable=True),
        sa.Column("lease_attempt_id", sa.BigInteger(), nullable=True),
        sa.Column("settled_at", sa.BigInteger(), nullable=True),
        sa.Column("reply", sa.Text(), nullable=False),
        sa.CheckConstraint("(state = 'dead') = (dead_reason IS NOT NULL)", name=op.f("ck_deliveries_dead")),
        sa.CheckConstraint(
            "(state IN ('sent', 'dead')) = (settled_at IS NOT NULL)", name=op.f("ck_deliveries_settled")
        ),
        sa.CheckConstraint(
            "dead_reason IN ('refused', 'expired', 'recipient_removed', 'unsendable')",
            name=op.f("ck_deliveries_dead_reason"),
        ),
        sa.CheckConstraint("kind IN ('instant', 'digest', 'catch_up')", name=op.f("ck_deliveries_kind")),
        sa.CheckConstraint(
            "lease_worker IS NULL OR (state = 'due' AND leased_until IS NOT NULL)",
            name=op.f("ck_deliveries_lease"),
        ),
        sa.CheckConstraint("state <> 'planned' OR kind = 'catch_up'", name=op.f("ck_deliveries_planned")),
        sa.CheckConstraint("state IN ('planned', 'due', 'sent', 'dead')", name=op.f("ck_deliveries_state")),
        sa.ForeignKeyConstraint(["recipient_id"], ["recipients.id"], name=op.f("fk_deliveries_recipient_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliveries")),
        sa.UniqueConstraint("message_id", name=op.f("uq_deliveries_message_id")),
        sa.UniqueConstraint(
            "recipient_id",
            "channel",
            "kind",
            "window",
            name=op.f("uq_deliveries_recipient_id_channel_kind_window"),
        ),
    )
    op.create_index(
        "ix_deliveries_due",
        "deliveries",
        ["channel", "due_at", "id"],
        unique=False,
        sqlite_where=sa.text("state = 'due'"),
        postgresql_where=sa.text("state = 'due'"),
    )
    op.create_index("ix_deliveries_state", "deliveries", ["state", "id"], unique=False)
    op.create_index(
        "uq_deliveries_open_catch_up",
        "deliveries",
        ["recipient_id", "channel"],
        unique=True,
        sqlite_where=sa.text("kind = 'catch_up' AND state = 'planned'"),
        postgresql_where=sa.text("kind = 'catch_up' AND state = 'planned'"),
    )
    op.create_table(
        "items",
        sa.Column("id", _SURROGATE, nullable=False),
        sa.Column("feed_id", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("first_seen_at", sa.BigInteger(), nullable=False),
        sa.Column("last_seen_at", sa.BigInteger(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["feed_id"], ["feeds.id"], name=op.f("fk_items_feed_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_items")),
        sa.UniqueConstraint("feed_id", "key", name=op.f("uq_items_feed_id_key")),
    )
    op.create_index(
        "ix_items_feed_id_last_seen_at_id", "items", ["feed_id", "last_seen_at", "id"], unique=False
    )
    op.create_index("ix_items_first_seen_at", "items", ["first_seen_at"], unique=False)
    op.create_table(
        "subscriptions",
        sa.Column("id", _SURROGATE, nullable=False),
        sa.Column("watch_id", sa.Text(), nullable=False),
        sa.Column("recipient_id", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("schedule", sa.Text(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("removed_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["recipient_id"], ["recipients.id"], name=op.f("fk_subscriptions_recipient_id")
        ),
        sa.ForeignKeyConstraint(["watch_id"], ["watches.id"], name=op.f("fk_subscriptions_watch_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscriptions")),
        sa.UniqueConstraint(
            "watch_id",
            "recipient_id",
            "channel",
            "schedule",
            name=op.f("uq_subscriptions_watch_id_recipient_id_channel_schedule"),
        ),
    )
    op.create_index(op.f("ix_subscriptions_recipient_id"), "subscriptions", ["recipient_id"], unique=False)
    op.create_table(
        "attempts",
        sa.Column("id", _SURROGATE, nullable=False),
        sa.Column("delivery_id", sa.BigInteger(), nullable=False),
        sa.Column("worker", sa.Text(), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("reply", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "outcome IN ('sent', 'retry', 'dead', 'channel_failed', 'ambiguous')",
            name=op.f("ck_attempts_outcome"),
        ),
        sa.CheckConstraint("ended_at IS NULL OR outcome IS NOT NULL", name=op.f("ck_attempts_ended")),
        sa.ForeignKeyConstraint(["delivery_id"], ["deliveries.id"], name=op.f("fk_attempts_delivery_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempts")),
    )
    op.create_index(op.f("ix_attempts_delivery_id"), "attempts", ["delivery_id"], unique=False)
    op.create_table(
        "matching_failures",
        sa.Column("item_id", sa.BigInteger(), nullable=False),
        sa.Column("watch_id", sa.Text(), nullable=False),
        sa.Column("arrival", sa.Text(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("failed_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "arrival IN ('live', 'catch_up', 'before_first_contact')",
            name=op.f("ck_matching_failures_arrival"),
        ),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f("fk_matching_failures_item_id")),
        sa.ForeignKeyConstraint(["watch_id"], ["watches.id"], name=op.f("fk_matching_failures_watch_id")),
        sa.PrimaryKeyConstraint("item_id", "watch_id", name=op.f("pk_matching_failures")),
    )
    op.create_table(
        "revisions",
        sa.Column("id", _SURROGATE, nullable=False),
        sa.Column("item_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column("link", sa.Text(), nullable=True),
        sa.Column("published_at", sa.BigInteger(), nullable=True),
        sa.Column("published_text", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("categories", sa.Text(), server_default="[]", nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f("fk_revisions_item_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revisions")),
        sa.UniqueConstraint("item_id", "number", name=op.f("uq_revisions_item_id_number")),
    )
    op.create_table(
        "mentions",
        sa.Column("id", _SURROGATE, nullable=False),
        sa.Column("item_id", sa.BigInteger(), nullable=False),
        sa.Column("watch_id", sa.Text(), nullable=False),
        sa.Column("revision_id", sa.BigInteger(), nullable=False),
        sa.Column("watch_name", sa.Text(), nullable=False),
        sa.Column("watch_label", sa.Text(), nullable=False),
        sa.Column("watch_version", sa.Text(), nullable=False),
        sa.Column("prominence", sa.Text(), nullable=False),
        sa.Column("arrival", sa.Text(), nullable=False),
        sa.Column("hits", sa.Text(), nullable=False),
        sa.Column("found_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "arrival IN ('live', 'catch_up', 'before_first_contact')", name=op.f("ck_mentions_arrival")
        ),
        sa.CheckConstraint("prominence IN ('headline', 'lead', 'body')", name=op.f("ck_mentions_prominence")),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f("fk_mentions_item_id")),
        sa.ForeignKeyConstraint(["revision_id"], ["revisions.id"], name=op.f("fk_mentions_revision_id")),
        sa.ForeignKeyConstraint(["watch_id"], ["watches.id"], name=op.f("fk_mentions_watch_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mentions")),
        sa.UniqueConstraint("item_id", "watch_id", name=op.f("uq_mentions_item_id_watch_id")),
    )
    op.create_index("ix_mentions_found_at", "mentions", ["found_at"], unique=False)
    op.create_index("ix_mentions_watch_id_id", "mentions", ["watch_id", "id"], unique=False)
    op.create_table(
        "dispositions",
        sa.Column("subscription_id", sa.BigInteger(), nullable=False),
        sa.Column("mention_id", sa.BigInteger(), nullable=False),
        sa.Column("at_once", sa.Boolean(), nullable=False),
        sa.Column("delivery_id", sa.BigInteger(), nullable=True),
        sa.Column("held_reason", sa.Text(), nullable=True),
        sa.Column("decided_at", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "held_reason IN ('before_first_contact', 'silenced', 'muted', 'edit_ignored',"
            " 'recipient_removed')",
            name=op.f("ck_dispositions_held_reason"),
        ),
        sa.CheckConstraint(
            "(decided_at IS NULL AND delivery_id IS NULL AND held_reason IS NULL) OR (decided_at IS NOT"
            " NULL AND (delivery_id IS NULL) <> (held_reason IS NULL))",
            name=op.f("ck_dispositions_decided"),
        ),
        sa.ForeignKeyConstraint(["delivery_id"], ["deliveries.id"], name=op.f("fk_dispositions_delivery_id")),
        sa.ForeignKeyConstraint(["mention_id"], ["mentions.id"], name=op.f("fk_dispositions_mention_id")),
        sa.ForeignKeyConstraint(
            ["subscription_id"], ["subscriptions.id"], name=op.f("fk_dispositions_subscription_id")
        ),
        sa.PrimaryKeyConstraint("subscription_id", "mention_id", name=op.f("pk_dispositions")),
    )
    op.create_index(op.f("ix_dispositions_delivery_id"), "dispositions", ["delivery_id"], unique=False)
    op.create_index(op.f("ix_dispositions_mention_id"), "dispositions", ["mention_id"], unique=False)
    op.create_index(
        "ix_dispositions_undecided",
        "dispositions",
        ["subscription_id", "mention_id"],
        unique=False,
        sqlite_where=sa.text("decided_at IS NULL"),
        postgresql_where=sa.text("decided_at IS NULL"),
    )
    op.create_index(
        "ix_dispositions_undecided_at_once",
        "dispositions",
        ["mention_id", "subscription_id"],
        unique=False,
        sqlite_where=sa.text("decided_at IS NULL AND at_once"),
        postgresql_where=sa.text("decided_at IS NULL AND at_once"),
    )
    op.create_table(
        "archive_progress",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("item_id", sa.BigInteger(), nullable=False),
        sa.Column("rules", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_archive_progress")),
    )
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE VIRTUAL TABLE archive_index"
            " USING fts5(keys, content='', detail='none', columnsize=0, tokenize='ascii')"
        )
    else:
        op.execute("CREATE TABLE archive_index (item_id BIGINT PRIMARY KEY, keys TSVECTOR NOT NULL)")
        op.execute("CREATE INDEX ix_archive_index_keys ON archive_index USING gin (keys)")
