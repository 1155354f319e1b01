// The lines of a basket as promotions see them.
#include "pricing/promotion_goods.hpp"

#include <algorithm>
#include <numeric>
#include <tuple>

namespace resys::pricing {
namespace {

template <class Map, class Key>
void add_found(const Map& map, const std::vector<Key>& keys, Places& found) {
  for (const Key& key : keys) {
    const auto places = map.find(key);
    if (places == map.end()) continue;
    found.insert(found.end(), places->second.begin(), places->second.end());
  }
}

}  // namespace

Goods::Goods(const PromotionBasket& basket) : basket_(basket), all_(basket.lines.size()) {
  lines_.reserve(basket.lines.size());
  for (const PromotionLine& line : basket.lines) lines_.push_back(&line);
  // A cart has one line for each variant. Lines that are equal in all of this may be swapped.
  const auto key = [](const PromotionLine& line) {
    return std::tie(line.variant_id, line.unit_price_cents, line.quantity);
  };
  std::stable_sort(lines_.begin(), lines_.end(),
                   [&](const auto* one, const auto* other) { return key(*one) < key(*other); });
  std::iota(all_.begin(), all_.end(), std::size_t{0});
}

const Goods::Selections& Goods::selections() const {
  if (selections_) return *selections_;
  selections_.emplace();
  for (const std::size_t place : all_) {
    selections_->by_sku[line(place).sku].push_back(place);
    selections_->by_product[line(place).product_id].push_back(place);
    for (const std::string& category : line(place).categories) {
      selections_->by_category[category].push_back(place);
    }
  }
  return *selections_;
}

std::size_t Goods::index(std::size_t place) const {
  return static_cast<std::size_t>(lines_[place] - basket_.lines.data());
}

Places Goods::of(const std::vector<std::string>& skus, const std::vector<ProductId>& product_ids,
                 const std::vector<std::string>& categories) const {
  Places found;
  add_found(selections().by_sku, skus, found);
  add_found(selections().by_product, product_ids, found);
  add_found(selections().by_category, categories, found);
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return found;
}

std::int64_t Goods::gift_units(std::string_view sku) const {
  const auto found = basket_.gift_units.find(sku);
  return found == basket_.gift_units.end() ? 0 : found->second;
}

std::int64_t Goods::total(const Places& places) const {
  std::int64_t sum = 0;
  for (const std::size_t place : places) sum += line(place).total_cents;
  return sum;
}

std::int64_t Goods::quantity(const Places& places) const {
  std::int64_t sum = 0;
  for (const std::size_t place : places) sum += line(place).quantity;
  return sum;
}

}  // namespace resys::pricing
