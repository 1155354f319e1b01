// What it costs to send something by a shipping method; see the header.
#include "pricing/shipping_price.hpp"

namespace resys::pricing {
namespace {

// The price of the last tier that is reached, by its member `from`. The tiers ascend.
std::int64_t tier_price(const ShippingMethod& method,
                        std::optional<std::int64_t> ShippingTier::*from, std::int64_t reached) {
  std::int64_t price = method.price_cents;
  for (const ShippingTier& tier : method.tiers) {
    if (tier.*from <= reached) price = tier.price_cents;
  }
  return price;
}

}  // namespace

Result<std::int64_t> shipping_price(const ShippingMethod& method, const Shipped& shipped) {
  if (method.free_over_cents && shipped.goods_cents >= *method.free_over_cents) return 0;
  switch (method.kind) {
    case ShippingKind::flat:
      break;
    case ShippingKind::per_item: {
      RESYS_TRY(price, Money(method.price_cents, method.currency).times(shipped.item_count));
      return price.minor();
    }
    case ShippingKind::by_weight:
      return tier_price(method, &ShippingTier::min_weight_grams, shipped.weight_grams);
    case ShippingKind::by_total:
      return tier_price(method, &ShippingTier::min_total_cents, shipped.goods_cents);
  }
  return method.price_cents;
}

}  // namespace resys::pricing
