// The lines of a basket as promotions see them: in one order, whatever the order in the basket, and
// by what they are.
#pragma once

#include <map>
#include <optional>
#include <string_view>
#include <unordered_map>

#include "pricing/promotion.hpp"

namespace resys::pricing {

// Places of lines in Goods, ascending.
using Places = std::vector<std::size_t>;

class Goods {
 public:
  // Refers to the basket, which must live as long.
  explicit Goods(const PromotionBasket& basket);

  std::size_t size() const { return lines_.size(); }
  const PromotionLine& line(std::size_t place) const { return *lines_[place]; }
  // Where the line is in the basket.
  std::size_t index(std::size_t place) const;
  const Places& all() const { return all_; }

  // The lines that have one of those.
  Places of(const std::vector<std::string>& skus, const std::vector<ProductId>& product_ids,
            const std::vector<std::string>& categories) const;

  // How many units of the SKU there are to give away.
  std::int64_t gift_units(std::string_view sku) const;

  std::int64_t total(const Places& places) const;
  std::int64_t quantity(const Places& places) const;

 private:
  struct Selections {
    std::unordered_map<std::string_view, Places> by_sku;
    std::unordered_map<std::string_view, Places> by_category;
    std::map<ProductId, Places> by_product;
  };
  const Selections& selections() const;

  const PromotionBasket& basket_;
  std::vector<const PromotionLine*> lines_;
  Places all_;
  mutable std::optional<Selections> selections_;  // once a promotion is for some of the lines
};

}  // namespace resys::pricing
