// An order in one transaction: its row, its lines, promotions and shipping. Its price, its view,
// and what placing would refuse are all made from this.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/command.hpp"
#include "catalog/rows.hpp"
#include "customer/rows.hpp"
#include "inventory/stock.hpp"
#include "order/rows.hpp"
#include "pricing/quote.hpp"
#include "pricing/tax_rows.hpp"
#include "shipping/rows.hpp"

namespace resys::app {

struct OrderContents {
  rows::OrderRow row;
  std::vector<rows::OfferedLine> lines;  // that are bought, in the order they were added
  std::vector<rows::OfferedLine> gifts;  // that promotions give away, in the order they were added
  // Those that apply, and the codes that were entered; sorted by promotion and code.
  std::vector<rows::OrderPromotionRow> promotions;
  std::optional<rows::ChosenShipping> shipping;  // while it is not placed, once one is chosen
  // While it is not placed, in a store that has rules.
  std::shared_ptr<const pricing::PriceRules> rules;
  domain::Area area{};                 // of the shipping address, once there is one
  std::optional<Customer> customer{};  // what is recorded of the user
  // The same, of the promotions that may apply.
  pricing::PromotionTerms terms{};
  std::vector<rows::Sellable> gift_variants{};  // what they may give away
};
// Where an address is.
domain::Area area_of(const Address& address);
OrderContents load_contents(const Scope& scope, rows::OrderRow row);
// Loads what prices depend on beside the lines: what is recorded of the user, and where it goes.
void load_buyer(const Scope& scope, OrderContents& order);

// Whether the order is not placed yet, so that current prices, codes and methods apply to it.
bool is_open_cart(const rows::OrderRow& row);

// Gives the lines what price lists have for this customer, where the order goes, and in these
// quantities. To be called after one of them has changed.
void apply_price_lists(OrderContents& order, Timestamp now);

// The prices that the buyer was shown, or the current ones. A line that is no longer for sale keeps
// its price.
enum class Prices { shown, current };
pricing::Basket basket_of(const OrderContents& order, Prices prices);

// The tax id that the order is taxed by: the one that was given for it, else the user's.
std::string tax_id_of(const OrderContents& order);
pricing::TaxedCustomer taxed_customer_of(const OrderContents& order);

// The customer groups whose prices and promotions apply: those that the host says, and those that
// staff have recorded of the user. Sorted, each once. The recorded ones count in stores that have
// rules.
std::vector<std::string> groups_of(const OrderContents& order);

// A hash of the order's contents. A late payment completes an order only if its contents have not
// changed since it was placed.
std::string content_hash(const OrderContents& order);

// The stock that the order needs.
std::vector<Demand> demands_of(const OrderContents& order);

// Updates the line to what the catalog says about the variant now: name, image, stock, and the
// price in the currency, which it has; price lists are not applied.
void refresh(rows::OfferedLine& line, const rows::Sellable& variant, Currency currency);

// An order that is not placed yet and is to be changed. Its root row is locked.
class OpenOrder : public OrderContents {
 public:
  explicit OpenOrder(OrderContents loaded);
  // The identity's open order, or nothing.
  static std::optional<OpenOrder> lock(const Scope& scope, const rows::Identity& identity);
  // The same, but makes a new cart if there is none.
  static OpenOrder lock_or_insert(const Scope& scope, const rows::Identity& identity,
                                  Currency currency);

  // Changes where the order goes. Price lists may have other prices there: a line that had the
  // price of this moment has it afterwards, too.
  void send_to(const domain::Area& to, Timestamp now);
  // To be called after the order's codes, or the customer whose uses count, have changed.
  void reload_promotions(const Scope& scope);
  // Computes the totals from lines, promotions and shipping, and writes the lines, gifts and
  // promotions that have changed. Returns the quote. Error: too_large.
  Result<pricing::Quote> reprice(const Scope& scope);
  // Writes the order's row.
  void save(const Scope& scope);

 private:
  void take_lines(const Scope& scope, const pricing::Quote& quote);
  void take_promotions(const Scope& scope, const pricing::Quote& quote);
  rows::OfferedLine gift_line(const Scope& scope, const pricing::QuotedGift& gift) const;
  std::vector<rows::LineRow> all_lines() const;  // sorted by id
  void save_lines(const Scope& scope);

  rows::OrderRow row_before_;
  std::vector<rows::LineRow> lines_before_;
};

}  // namespace resys::app
