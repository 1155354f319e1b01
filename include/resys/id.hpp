// Typed identifiers: a UUIDv7 (RFC 9562) with a type. The text form is the type's prefix, '_' and
// 26 characters of Crockford's base 32 in lower case, as in the TypeID convention; it sorts by
// time, and it is what is stored, logged and sent.
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "resys/result.hpp"

namespace resys {

namespace detail {
struct Uuid {
  std::uint64_t high = 0;
  std::uint64_t low = 0;
  friend constexpr auto operator<=>(const Uuid&, const Uuid&) = default;
};
inline constexpr std::size_t kUuidDigits = 26;
inline constexpr std::size_t kMaxIdLength = 40;
// Writes the text to `out`, which has room for kMaxIdLength; returns its length.
std::size_t write_id(std::string_view prefix, const Uuid& uuid, char* out) noexcept;
// `prefix` is what the text must begin with; else invalid_request.
Result<Uuid> parse_id(std::string_view prefix, std::string_view text);
}  // namespace detail

// `Tag` has a static constexpr std::string_view prefix. A default-constructed Id is empty.
template <class Tag>
class Id {
 public:
  constexpr Id() noexcept = default;
  constexpr explicit Id(detail::Uuid uuid) noexcept : uuid_(uuid) {}
  // Accepts exactly what text() makes; else invalid_request.
  static Result<Id> parse(std::string_view text) {
    RESYS_TRY(uuid, detail::parse_id(Tag::prefix, text));
    return Id(uuid);
  }
  static constexpr std::string_view prefix() noexcept { return Tag::prefix; }

  constexpr bool empty() const noexcept { return uuid_ == detail::Uuid{}; }
  // "order_01h455vb4pex5vsknk084sn02q"; empty for an empty Id.
  std::string text() const {
    char letters[detail::kMaxIdLength];
    return std::string(letters, write(letters));
  }
  // The same into `out`, which has room for detail::kMaxIdLength; returns the length.
  std::size_t write(char* out) const noexcept {
    static_assert(Tag::prefix.size() + 1 + detail::kUuidDigits <= detail::kMaxIdLength);
    return empty() ? 0 : detail::write_id(Tag::prefix, uuid_, out);
  }
  friend constexpr auto operator<=>(const Id&, const Id&) = default;

 private:
  detail::Uuid uuid_;
};

namespace tag {
#define RESYS_ID_TAG(name, text)                     \
  struct name {                                      \
    static constexpr std::string_view prefix = text; \
  }
RESYS_ID_TAG(Product, "product");
RESYS_ID_TAG(Variant, "variant");
RESYS_ID_TAG(Location, "location");
RESYS_ID_TAG(InventoryUnit, "unit");
RESYS_ID_TAG(StockMovement, "movement");
RESYS_ID_TAG(Order, "order");
RESYS_ID_TAG(LineItem, "line");
RESYS_ID_TAG(Address, "address");
RESYS_ID_TAG(ShippingMethod, "shipping");
RESYS_ID_TAG(Shipment, "shipment");
RESYS_ID_TAG(TaxRate, "taxrate");
RESYS_ID_TAG(PriceList, "pricelist");
RESYS_ID_TAG(Promotion, "promotion");
RESYS_ID_TAG(PaymentMethod, "method");
RESYS_ID_TAG(Payment, "payment");
RESYS_ID_TAG(PaymentEntry, "entry");
RESYS_ID_TAG(Event, "event");
#undef RESYS_ID_TAG
}  // namespace tag

using ProductId = Id<tag::Product>;
using VariantId = Id<tag::Variant>;
using LocationId = Id<tag::Location>;
using InventoryUnitId = Id<tag::InventoryUnit>;
using StockMovementId = Id<tag::StockMovement>;
using OrderId = Id<tag::Order>;
using LineItemId = Id<tag::LineItem>;
using AddressId = Id<tag::Address>;
using ShippingMethodId = Id<tag::ShippingMethod>;
using ShipmentId = Id<tag::Shipment>;
using TaxRateId = Id<tag::TaxRate>;
using PriceListId = Id<tag::PriceList>;
using PromotionId = Id<tag::Promotion>;
using PaymentMethodId = Id<tag::PaymentMethod>;
using PaymentId = Id<tag::Payment>;
using PaymentEntryId = Id<tag::PaymentEntry>;
using EventId = Id<tag::Event>;

}  // namespace resys
