"""Jobs know whether a person was taken out of them."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make it."""
    op.add_column(
        "jobs", sa.Column("erased", sa.Boolean(), nullable=False, server_default=sa.false())
    )


def downgrade() -> None:
    """Unmake it."""
    op.drop_column("jobs", "erased")
