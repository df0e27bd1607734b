"""What somebody writes who has only the API document: asks the running mall and reads what it answers."""

import sys

from mall_client import Client
from mall_client.api.product import list_products
from mall_client.api.order import get_order
from mall_client.models import PageShelfProduct, Problem

mall = Client(base_url=sys.argv[1])
page = list_products.sync(client=mall, limit=5)
assert isinstance(page, PageShelfProduct), page
assert page.items and all(product.title for product in page.items), page
refused = get_order.sync(client=mall, id="01890000-0000-7000-8000-000000000000")
assert isinstance(refused, Problem) and refused.status == 401, refused
print(f"{len(page.items)} products, and a stranger is refused: {refused.title}")
