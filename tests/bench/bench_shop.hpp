// The shop that is measured: a catalog with stock that never runs out, a payment processor that
// answers at once, and the steps of one purchase.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <resys/resys.hpp>

namespace bench {

constexpr int kProducts = 500;  // of two variants each

class BenchShop {
 public:
  // Opens the database, and fills it if it is new.
  explicit BenchShop(const std::string& file);

  // Adds 50 promotions that all apply to every line, and 5 tax rates that all do.
  void add_price_rules();

  // A purchase, step by step. Every buyer is another user.
  void add_items(const std::string& buyer, const std::string& sku, const std::string& other_sku);
  void add_item(const std::string& buyer, const std::string& sku);
  void set_addresses(const std::string& buyer);
  void select_shipping(const std::string& buyer);
  resys::Placement place(const std::string& buyer);
  // The processor's webhook: captured, so the order completes.
  void pay(const resys::Placement& placement);

  void purchase(const std::string& buyer, const std::string& sku, const std::string& other_sku);
  resys::Cart cart(const std::string& buyer);
  void change_item(const std::string& buyer, const resys::LineItemId& line, std::int64_t quantity);
  resys::Shop& shop() { return *shop_; }

 private:
  void fill();

  std::unique_ptr<resys::Shop> shop_;
  resys::ShippingMethodId shipping_;
  resys::PaymentMethodId payment_;
};

// SKU number `i`, in a fixed order that jumps through the catalog.
std::string sku_of(std::uint64_t i);

}  // namespace bench
