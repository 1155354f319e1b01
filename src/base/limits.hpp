// Every limit on what a request may hold, defined once. Validation checks them, and the API
// description exports them. Texts are counted in characters (Unicode code points), as JSON Schema
// counts them.
#pragma once

#include <cstddef>
#include <cstdint>

#include "resys/cart.hpp"
#include "resys/money.hpp"
#include "resys/tax.hpp"

namespace resys::fields {

// What a text may look like. Each is UTF-8; only `lines` may hold newlines and tabs, no text holds
// any other control character (C0, C1), a line separator, or what reorders text (bidirectional
// embeddings, overrides and isolates). All but `exact` and `raw` are kept without blanks and
// invisible characters at both ends, and are empty if nothing in them can be seen.
enum class Pattern {
  line,
  lines,
  exact,        // of programs, not of people: identities, keys, secrets
  sku,          // a line without invisible characters
  slug,         // a-z 0-9 -
  token,        // a-z 0-9 - _
  coupon_code,  // A-Z 0-9 - _, kept in upper case
  // As HTML defines it: ASCII letters, digits and signs, one @, a host. The host is one of the
  // Internet: at least two labels of 1..63 letters, digits and inner hyphens (others in Punycode).
  email,
  url,      // absolute with http or https, without a user, or relative; empty: none
  country,  // two letters, kept in upper case, or empty; the library knows which exist
  raw,      // any bytes
};

struct Limit {
  // The limits of a text's length or of an integer. For a list, those of each item.
  std::int64_t least = -kMaxMinor;
  std::int64_t most = kMaxMinor;
  Pattern pattern = Pattern::line;
  // The limits of a list's length.
  std::int64_t least_items = 0;
  std::int64_t most_items = 0;
};

constexpr Limit text(std::int64_t least, std::int64_t most, Pattern pattern = Pattern::line) {
  return {least, most, pattern, 0, 0};
}
constexpr Limit integer(std::int64_t least, std::int64_t most) {
  return {least, most, Pattern::line, 0, 0};
}
constexpr Limit list(std::int64_t least, std::int64_t most, Limit item = {}) {
  return {item.least, item.most, item.pattern, least, most};
}

inline constexpr Limit kNoLimit{};

// The host's identities and keys, in bytes (host.hpp).
inline constexpr std::int64_t kMaxStoreBytes = 64;
inline constexpr std::int64_t kMaxIdentityBytes = 200;

inline constexpr Limit kSku = text(1, 100, Pattern::sku);
inline constexpr Limit kSlug = text(1, 100, Pattern::slug);
inline constexpr Limit kName = text(1, 200);
inline constexpr Limit kOptionalName = text(0, 200);
inline constexpr Limit kDescription = text(0, 20'000, Pattern::lines);
inline constexpr Limit kUrl = text(0, 2'000, Pattern::url);
inline constexpr Limit kReason = text(0, 500, Pattern::lines);
inline constexpr Limit kCategories = list(0, 50, text(1, 100));
inline constexpr Limit kVariants = list(0, 100);
inline constexpr Limit kVariantPrices = list(0, 50);
inline constexpr Limit kGrams = integer(0, 1'000'000'000);
inline constexpr Limit kOptions = list(0, 20, text(0, 200));
inline constexpr std::int64_t kMaxPairName = 60;

inline constexpr Limit kPageSize = integer(1, 200);
inline constexpr Limit kCursor = text(0, 500, Pattern::exact);
inline constexpr Limit kSearch = text(0, 200);

inline constexpr Limit kUnits = integer(1, kMaxUnitsPerLine);
inline constexpr Limit kCents = integer(0, kMaxMinor);
inline constexpr Limit kPositiveCents = integer(1, kMaxMinor);
inline constexpr Limit kPosition = integer(0, 1'000'000);
inline constexpr std::int64_t kMaxStock = 1'000'000'000;
inline constexpr Limit kOnHand = integer(0, kMaxStock);
inline constexpr Limit kAdjustment = integer(-kMaxStock, kMaxStock);
inline constexpr Limit kReservedLines = list(1, kMaxLinesPerCart);
inline constexpr Limit kRefundLines = list(0, kMaxLinesPerCart);
inline constexpr Limit kHostReference = text(1, 200, Pattern::exact);

inline constexpr Limit kPersonName = text(0, 100);
inline constexpr Limit kStreet = text(1, 200);
inline constexpr Limit kOptionalStreet = text(0, 200);
inline constexpr Limit kCity = text(0, 100);
inline constexpr Limit kRegion = text(0, 100);
inline constexpr Limit kPostalCode = text(0, 20);
inline constexpr Limit kPhone = text(0, 40);
inline constexpr Limit kCountry = text(2, 2, Pattern::country);
inline constexpr Limit kOptionalCountry = text(0, 2, Pattern::country);
inline constexpr Limit kCountries = list(0, 300, kCountry);
inline constexpr Limit kRegions = list(0, 100, text(1, 100));
inline constexpr Limit kPostalPrefixes = list(0, 200, text(1, 20));
inline constexpr Limit kShippingTiers = list(0, 50);
inline constexpr Limit kTierGrams = integer(0, kMaxMinor);
inline constexpr Limit kEmail = text(3, 254, Pattern::email);

inline constexpr Limit kCouponCode = text(1, 50, Pattern::coupon_code);
inline constexpr std::int64_t kMaxCodesPerCart = 10;
inline constexpr Limit kCodes = list(0, 200, kCouponCode);
inline constexpr Limit kCodeCount = integer(1, 10'000);  // in one call
inline constexpr Limit kCodePrefix = text(0, 20, Pattern::coupon_code);
inline constexpr Limit kCodeLength = integer(8, 30);
inline constexpr Limit kBasisPoints = integer(1, 10'000);
inline constexpr Limit kUses = integer(1, 1'000'000'000);
inline constexpr Limit kPriority = integer(-1'000'000, 1'000'000);
inline constexpr Limit kPromotionConditions = list(0, 7);
inline constexpr Limit kPromotionActions = list(0, 10);
inline constexpr Limit kPromotionTiers = list(0, 20);
inline constexpr Limit kSelectedSkus = list(0, 200, kSku);
inline constexpr Limit kSelectedProducts = list(0, 200);
inline constexpr Limit kDealGroup = text(1, 100);
inline constexpr Limit kWeekdays = list(0, 7, integer(1, 7));
inline constexpr Limit kFromMinute = integer(0, 1'439);
inline constexpr Limit kUntilMinute = integer(1, 1'440);

inline constexpr Limit kCurrencies = list(0, 50);
inline constexpr Limit kListedPrices = list(1, 200);

inline constexpr Limit kTaxCategory = text(1, 40, Pattern::token);
inline constexpr Limit kTaxCategories = list(4, 50, kTaxCategory);
inline constexpr Limit kPercent = text(1, 8);
// As many as an order has lines, and its shipment.
inline constexpr Limit kTaxedItems = list(0, kMaxLinesPerCart + 1);
inline constexpr Limit kTaxesOfItem = list(0, 20);
inline constexpr Limit kCalculatedRate = text(1, 20);
inline constexpr Limit kCalculationId = text(0, 255);
inline constexpr Limit kTaxPriority = integer(1, kMaxTaxPriority);

inline constexpr Limit kUserId = text(1, kMaxIdentityBytes, Pattern::exact);
inline constexpr Limit kGroup = text(1, 64, Pattern::token);
inline constexpr Limit kGroups = list(0, 20, kGroup);
inline constexpr Limit kTaxId = text(0, 40);
inline constexpr Limit kOrderNumber = text(1, 50);
inline constexpr Limit kTrackingNumber = text(1, 100);
inline constexpr Limit kCarrier = text(0, 100);

inline constexpr Limit kProcessorName = text(1, 50);
inline constexpr Limit kProcessorSettings = list(0, 20, text(0, 2'000, Pattern::exact));
inline constexpr Limit kInstructions = text(0, 2'000, Pattern::lines);
inline constexpr Limit kClientSecret = text(1, 500, Pattern::exact);
inline constexpr Limit kCard = text(1, 30);
inline constexpr Limit kWebhookTarget = text(1, 50, Pattern::exact);
inline constexpr Limit kRaw = text(0, kMaxMinor, Pattern::raw);

// What comes from processors, in bytes. Stripe's ids have at most 255
// (https://docs.stripe.com/upgrades).
inline constexpr std::size_t kMaxExternalIdBytes = 255;
inline constexpr std::size_t kMaxProcessorWordBytes = 200;  // codes, event types, statuses
inline constexpr std::size_t kMaxProcessorTextBytes = 500;  // what shoppers are told
inline constexpr std::size_t kMaxClientSecretBytes = 10'000;
inline constexpr std::size_t kMaxNoteKeyBytes = 200;
inline constexpr std::size_t kMaxNoteBytes = 1 << 20;

// What errors repeat, in bytes. Longer texts are shortened, and say how long they were.
inline constexpr std::size_t kMaxErrorBytes = 1'000;   // a message, a fact
inline constexpr std::size_t kMaxFieldBytes = 300;     // a field's whole path
inline constexpr std::size_t kMaxShownNameBytes = 80;  // an unknown name

inline constexpr Limit kReservationMinutes = integer(1, 1'440);
inline constexpr Limit kPaymentDueDays = integer(1, 365);
inline constexpr Limit kUnpaidUnits = integer(1, 1'000'000);
inline constexpr Limit kPlacements = integer(1, 100);
inline constexpr Limit kIdempotencyDays = integer(1, 365);
inline constexpr Limit kAbandonedCartDays = integer(1, 3'650);
// Not shorter than the time for which parked webhooks are tried, and for which senders repeat them.
inline constexpr Limit kWebhookDays = integer(7, 3'650);
inline constexpr Limit kEventDays = integer(0, 3'650);
inline constexpr Limit kNoteDays = integer(7, 3'650);
inline constexpr Limit kTimeZone = text(1, 100);

}  // namespace resys::fields
