// A shop in a file of its own that sells: products in stock, a shipping method, a promotion, a card
// and a bank transfer to pay with.
#pragma once

#include <cctype>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "resys/shop.hpp"
#include "support/callers.hpp"
#include "support/catch.hpp"
#include "support/invariants.hpp"
#include "support/ports.hpp"
#include "support/temporary.hpp"

namespace resys::test {

inline constexpr const char* kGoodCard = "4242424242424242";
inline constexpr const char* kDeclinedCard = "4000000000000002";

// When it ends, the database must be sound.
class BuyingShop {
 public:
  // Sells TEA (7.90 EUR) and MUG (12.00 EUR), 100 of each; TEN takes 10 %.
  explicit BuyingShop(ShopOptions options = {});
  ~BuyingShop() { CHECK(broken_invariants(file) == std::vector<std::string>{}); }
  BuyingShop(const BuyingShop&) = delete;
  BuyingShop& operator=(const BuyingShop&) = delete;

  // Opens the same database once more, as another process would.
  std::unique_ptr<Shop> open() const { return Shop::open(options_).value(); }
  // With a log so short that it is copied and begins anew every few orders.
  Result<std::unique_ptr<Shop>> open_with_short_log() const {
    ShopOptions options = options_;
    options.database += "?logPages=30";
    return Shop::open(std::move(options));
  }
  const ShopOptions& options() const { return options_; }

  static AddressInput address() {
    return {.first_name = "Ada",
            .last_name = "Lovelace",
            .line1 = "1 Main Street",
            .city = "London",
            .postal_code = "N1 9GU",
            .country = "GB"};
  }

  // One more product with one variant, 100 of it in stock.
  void sell(const std::string& sku, std::int64_t price_cents, const char* currency = "EUR") {
    std::string slug;
    for (const char letter : sku) slug += static_cast<char>(std::tolower(letter));
    shop->admin()
        .products()
        .create(staff(), {.slug = slug,
                          .name = sku,
                          .variants = {{.sku = sku,
                                        .name = sku,
                                        .price_cents = price_cents,
                                        .currency = Currency::parse(currency).value()}}})
        .value();
    count(sku, 100);
  }
  void count(const std::string& sku, std::int64_t on_hand) {
    shop->admin().stock().set(staff(), {.sku = sku, .on_hand = on_hand}).value();
  }
  void reprice(const std::string& sku, std::int64_t price_cents) {
    shop->admin().variants().update(staff(), {.sku = sku, .price_cents = price_cents}).value();
  }
  void withdraw(const std::string& sku) {
    shop->admin().variants().update(staff(), {.sku = sku, .active = false}).value();
  }
  void let_guests_check_out() {
    shop->admin().settings().update_checkout(staff(), {.guest_checkout = true}).value();
  }

  // A cart of two TEA that only needs to be placed.
  Order fill(const Caller& caller, std::int64_t quantity = 2) {
    shop->cart().add_item(caller, {.sku = "TEA", .quantity = quantity}).value();
    shop->checkout()
        .set_addresses(caller, {.shipping_address = address(), .email = "ada@example.com"})
        .value();
    return shop->checkout().select_shipping_method(caller, {post}).value();
  }
  Placement place(const Caller& caller, const PaymentMethodId& method) {
    fill(caller);
    return shop->checkout().place_order(caller, {method}).value();
  }
  void pay(const Caller& caller, const Placement& placed, const char* number = kGoodCard) {
    shop->test_payments().pay(caller, {placed.payment->client_secret, number}).value();
  }
  // An order that is paid and complete.
  Order buy(const Caller& caller) {
    const Placement placed = place(caller, card);
    pay(caller, placed);
    return order(placed.order.number);
  }
  PaymentMethodId add_method(const std::string& name, const std::string& processor) {
    return shop->admin()
        .payment_methods()
        .create(staff(), {.name = name, .processor = processor})
        .value()
        .id;
  }
  Order order(const std::string& number) {
    return shop->admin().orders().get(staff(), {number}).value();
  }
  Stock stock(const std::string& sku) { return shop->admin().stock().get(staff(), {sku}).value(); }
  // Until nothing is due any more.
  void work() { work(*shop); }
  static void work(Shop& at) {
    while (at.run_due_work().value().more) {
    }
  }

  const TemporaryDirectory directory;
  const std::string file = directory.file("shop.db");
  const std::shared_ptr<TestClock> clock = std::make_shared<TestClock>();
  const std::shared_ptr<RecordingLog> log = std::make_shared<RecordingLog>();
  const std::shared_ptr<RecordingMailer> mailer = std::make_shared<RecordingMailer>();

 private:
  const ShopOptions options_;

 public:
  std::unique_ptr<Shop> shop;
  const ShippingMethodId post;
  const PaymentMethodId card;
  const PaymentMethodId transfer;
};

}  // namespace resys::test
