// The shop: one database and its payment processors. A host opens one and calls it; that is the
// whole library.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "resys/api.hpp"
#include "resys/cart.hpp"
#include "resys/catalog.hpp"
#include "resys/checkout.hpp"
#include "resys/customer.hpp"
#include "resys/event.hpp"
#include "resys/host.hpp"
#include "resys/inventory.hpp"
#include "resys/mail.hpp"
#include "resys/order.hpp"
#include "resys/payment.hpp"
#include "resys/processor.hpp"
#include "resys/promotion.hpp"
#include "resys/settings.hpp"
#include "resys/shipping.hpp"

namespace resys {

struct ShopOptions {
  // "sqlite:shop.db", "sqlite:/var/lib/shop.db?vfs=name", "sqlite::memory:". The file is made if it
  // is missing. With "?writer=thread" a thread of the shop writes as long as callers wait for each
  // other, instead of the callers in turn: faster for servers that write from many threads.
  std::string database{};

  // The keys that encrypt payment settings: id -> 32 bytes. `secret_key_id` names the one for new
  // secrets; older ones stay readable while they are listed. Without keys, configuring a payment
  // method that has secrets is refused.
  std::map<std::string, std::string> secret_keys{};
  std::string secret_key_id{};

  // Empty: stripe (if built with libcurl or given `http`) and manual. The test processor must be
  // named here.
  std::vector<std::shared_ptr<PaymentProcessor>> processors{};
  std::vector<EventHandler> handlers{};  // beside the built-in e-mail handlers
  MailTemplates mail_templates{};        // where empty, the built-in texts

  // Ports; null: the built-in one. Without a mailer no mail is sent.
  std::shared_ptr<Clock> clock{};
  std::shared_ptr<RandomSource> random{};
  std::shared_ptr<Log> log{};
  std::shared_ptr<HttpTransport> http{};
  std::shared_ptr<Mailer> mailer{};
};

struct DueWork {
  std::int64_t done = 0;  // pieces of work done, failed attempts included
  bool more = false;      // the limit was reached: call again at once
};

class Shop {
 public:
  // Opens the database, migrates it, checks the options. Errors: invalid_request (options), storage
  // (cannot be opened), conflict (made by a newer resys).
  static Result<std::unique_ptr<Shop>> open(ShopOptions options);
  ~Shop();
  Shop(const Shop&) = delete;
  Shop& operator=(const Shop&) = delete;

  Catalog& catalog() noexcept;
  Inventory& inventory() noexcept;
  InventoryReservationService& reservations() noexcept;
  Carts& carts() noexcept;
  Checkout& checkout() noexcept;
  Orders& orders() noexcept;
  Addresses& addresses() noexcept;
  ShippingMethods& shipping_methods() noexcept;
  Coupons& coupons() noexcept;
  PaymentMethods& payment_methods() noexcept;
  Payments& payments() noexcept;
  Events& events() noexcept;
  Settings& settings() noexcept;

  // Every endpoint, ready-made (api.hpp). Never fails: errors are answers.
  HttpResponse handle(const Caller& caller, const HttpRequest& request);

  // Does what the clock has made due, at most `limit` pieces: delivers events, closes expired
  // payments, asks processors about open ones, retries parked webhooks, clears abandoned carts. Any
  // number of threads and processes may call it at once.
  Result<DueWork> run_due_work(std::int64_t limit = 1000);

  Clock& clock() noexcept;
  Log& log() noexcept;

 private:
  struct Parts;
  explicit Shop(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

// Runs due work on a thread of its own until it is destroyed. The shop must outlive it.
class Worker {
 public:
  explicit Worker(Shop& shop, std::int64_t interval_ms = 250);
  // Waits for the piece of work under way.
  ~Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

 private:
  struct State;
  std::unique_ptr<State> state_;
  std::thread thread_;
};

}  // namespace resys
