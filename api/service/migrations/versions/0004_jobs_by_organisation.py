"""Jobs are found by their organisation."""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make it."""
    op.create_index("jobs_organisation", "jobs", ["organisation_id", "kind", "id"])


def downgrade() -> None:
    """Unmake it."""
    op.drop_index("jobs_organisation", "jobs")
