"""``python -m crm`` does what ``crm`` does."""

from crm.app import main

main()
