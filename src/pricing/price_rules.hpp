// A store's rules for prices, as pricing needs them: read once, then kept while they do not change.
#pragma once

#include <cstdint>
#include <vector>

#include "resys/price.hpp"
#include "resys/promotion.hpp"
#include "resys/tax.hpp"

namespace resys::pricing {

struct StoredTaxRate {
  TaxRate shown;
  std::int64_t millionths = 0;  // of `shown.rate`: 88'750 is 8.875 %
};

struct PriceRules {
  TaxSettings taxes;
  std::vector<StoredTaxRate> rates;
  PriceSettings prices;
  std::vector<PriceList> price_lists;
  std::vector<Promotion> promotions;  // sorted by id; without the uses that are taken
};

}  // namespace resys::pricing
