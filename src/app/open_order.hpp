// An order as a transaction has it in hand: its row and what hangs on it. What it costs, what is
// shown of it and what placing would say of it are all made from this.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/command.hpp"
#include "app/stock.hpp"
#include "pricing/quote.hpp"
#include "store/order.hpp"
#include "store/shipping.hpp"

namespace resys::app {

struct OrderContents {
  store::OrderRow row;
  std::vector<store::OfferedLine> lines;  // in the order they were added
  std::vector<store::OrderCouponRow> coupons;
  std::optional<store::ChosenShipping> shipping;  // while it is not placed, once one is chosen
};
OrderContents load_contents(db::Transaction& tx, std::string_view store, store::OrderRow row);

// Whether it is not placed, so that prices, codes and methods still count as they are now.
bool is_open_cart(const store::OrderRow& row);

// The prices that the buyer was shown, or those of this moment; a line that is not for sale keeps
// its own.
enum class Prices { shown, current };
pricing::Basket basket_of(const OrderContents& order, Prices prices);

// What the order holds: late money completes an order only if it is as it was placed.
std::string content_hash(const OrderContents& order);

// What it needs of the stock.
std::vector<Demand> demands_of(const OrderContents& order);

// One that is not placed, to be changed. Its root is locked.
class OpenOrder : public OrderContents {
 public:
  explicit OpenOrder(OrderContents loaded);
  // The caller's, or nothing.
  static std::optional<OpenOrder> lock(db::Transaction& tx, const Caller& caller);
  // The same; a new cart where there is none.
  static OpenOrder lock_or_insert(db::Transaction& tx, const store::Identity& identity,
                                  const OrderId& new_id, Currency currency, Timestamp now);

  // After its codes, or whose uses of them count, have changed.
  void reload_coupons(db::Transaction& tx, std::string_view store);
  // Its totals follow its lines, coupons and shipping; the lines and coupons that have changed are
  // written. too_large.
  Result<void> reprice(db::Transaction& tx, std::string_view store, Timestamp now);
  // Writes its row.
  void save(db::Transaction& tx, std::string_view store, Timestamp now);

 private:
  void save_lines(db::Transaction& tx, std::string_view store);

  store::OrderRow row_before_;
  std::vector<store::LineRow> lines_before_;
};

}  // namespace resys::app
