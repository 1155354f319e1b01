// The shop: one database and its payment processors. A host opens one and calls it; that is the
// whole library.
//
// What holds for every function of the services that a shop has:
//
// Threads. Any number of threads may call at any time while the Shop lives. In the child of a fork
// a call is invalid_state, for the database is open in its parent.
//
// Callers. The host has authenticated the Caller. One shopper never sees what is another's: it is
// not_found. Each tenant (Caller::store) has its own catalog, orders and settings.
//
// Errors. A comment names a function's own codes in a line that begins with "Errors:". Any function
// may also return
//   invalid_request       the request or the caller has a wrong shape: `field` names the part
//   forbidden             the caller's audience may not call it
//   busy                  the database was locked for too long; nothing was stored
//   storage               the database failed; nothing was stored
//   internal              a defect of the library
// and one that writes
//   idempotency_mismatch  its idempotency key was used before with another request
//   outcome_unknown       the database failed while it committed, or later; repeat the call
//   too_large             the body of an HTTP request is larger than kMaxBodyBytes
//
// Failures. A function is one transaction: an error other than outcome_unknown means that nothing
// was changed. Where a payment processor is called there are two transactions, and the comment says
// what stays between them.
//
// Repetition. With Caller::idempotency_key a call has its effect once: the same request again under
// that key returns what has become of the first one. A call that was refused may be repeated.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "resys/api.hpp"
#include "resys/backup.hpp"
#include "resys/cart.hpp"
#include "resys/catalog.hpp"
#include "resys/check.hpp"
#include "resys/checkout.hpp"
#include "resys/customer.hpp"
#include "resys/due_work.hpp"
#include "resys/engine.hpp"
#include "resys/event.hpp"
#include "resys/host.hpp"
#include "resys/inventory.hpp"
#include "resys/keys.hpp"
#include "resys/mail.hpp"
#include "resys/order.hpp"
#include "resys/payment.hpp"
#include "resys/price.hpp"
#include "resys/processor.hpp"
#include "resys/progress.hpp"
#include "resys/promotion.hpp"
#include "resys/settings.hpp"
#include "resys/shipping.hpp"
#include "resys/tax_calculator.hpp"
#include "resys/test_processor.hpp"

namespace resys {

struct ShopOptions {
  // "sqlite:shop.db", "sqlite:/var/lib/shop.db?vfs=name", "sqlite::memory:". The file is made if it
  // is missing. With "?writer=thread" a thread of the shop writes as long as callers wait for each
  // other, instead of the callers in turn: faster for servers that write from many threads. With
  // "?logPages=N" the write-ahead log is copied into the file after N pages, not after 4,000. With
  // "?lostLog=accept" a file whose log (-wal) is missing is opened, and what was in it is lost;
  // else it is refused.
  std::string database{};

  // The keys that encrypt payment settings: id (1 to 40 of a-z 0-9 - _) -> 32 bytes.
  // `secret_key_id` names the one for new secrets, and may be empty where there is one key; older
  // ones stay readable while they are listed (Shop::rotate_keys). Without keys, configuring a
  // payment method that has secrets is refused.
  std::map<std::string, std::string> secret_keys{};
  std::string secret_key_id{};
  // Opens the shop also where a key that encrypts something is missing or is another one: to copy
  // or check the database, or, where a key is lost, to set what it has encrypted anew. What needs
  // such a secret fails with `storage`.
  bool allow_missing_keys = false;

  // Empty: stripe (if built with libcurl or given `http`) and manual. The test processor must be
  // named here.
  std::vector<std::shared_ptr<PaymentProcessor>> processors{};
  std::vector<EventHandler> handlers{};  // beside the built-in e-mail handlers
  MailTemplates mail_templates{};        // where empty, the built-in texts

  // Ports; null: the built-in one. Without a mailer no mail is sent, without a registry no tax id
  // is looked up.
  std::shared_ptr<Clock> clock{};
  std::shared_ptr<RandomSource> random{};
  std::shared_ptr<Log> log{};
  std::shared_ptr<HttpTransport> http{};
  std::shared_ptr<Mailer> mailer{};
  std::shared_ptr<TaxIdRegistry> tax_id_registry{};
  std::shared_ptr<TaxCalculator> tax_calculator{};
};

// The services for staff.
class Admin {
 public:
  explicit Admin(Context& context) : context_(context) {}

  AdminProducts products() const { return AdminProducts(context_); }
  AdminVariants variants() const { return AdminVariants(context_); }
  AdminStock stock() const { return AdminStock(context_); }
  AdminLocations locations() const { return AdminLocations(context_); }
  AdminOrders orders() const { return AdminOrders(context_); }
  AdminShippingMethods shipping_methods() const { return AdminShippingMethods(context_); }
  AdminPromotions promotions() const { return AdminPromotions(context_); }
  AdminCustomers customers() const { return AdminCustomers(context_); }
  AdminTaxRates tax_rates() const { return AdminTaxRates(context_); }
  AdminPriceLists price_lists() const { return AdminPriceLists(context_); }
  AdminPaymentMethods payment_methods() const { return AdminPaymentMethods(context_); }
  AdminEvents events() const { return AdminEvents(context_); }
  AdminSettings settings() const { return AdminSettings(context_); }

 private:
  Context& context_;
};

class Shop {
 public:
  // Opens the database, migrates it, checks the options. No thread is started, but for
  // "?writer=thread". Several shops may be open in one process, and one database in several.
  //
  // invalid_request: an option; or a key that encrypts something is missing or wrong, then at
  // secretKeys with keyId, paymentMethods and clientSecrets. storage: the database cannot be
  // opened, or not without its log (`what` is missing, cut off, damaged, or foreign), or the file
  // has a second name (linked). conflict: it was made by a newer resys or by another program.
  // invalid_state: a forked child opens what its parent has open.
  // Errors: invalid_request, invalid_state, conflict, busy, outcome_unknown, storage.
  static Result<std::unique_ptr<Shop>> open(ShopOptions options);
  // No call may be under way, and no Worker alive.
  ~Shop();
  Shop(const Shop&) = delete;
  Shop& operator=(const Shop&) = delete;

  // The services, one per noun. A service may be copied; the shop must outlive it. The operation
  // "orders.cancel" is orders().cancel(), "admin.orders.markPaid" is admin().orders().mark_paid(),
  // and so in all languages.
  Products products();
  Currencies currencies();
  Carts cart();
  Checkout checkout();
  Orders orders();
  Addresses addresses();
  Webhooks webhooks();
  TestPayments test_payments();
  Admin admin();
  // For hosts with orders of their own; it has no operations.
  InventoryReservationService reservations();

  // Every endpoint, ready-made (api.hpp). Never fails: an error is a response, too.
  HttpResponse handle(const Caller& caller, const HttpRequest& request);

  // Does what the clock has made due in all stores, at most `limit` pieces: ends expired payments
  // and reservations, asks processors about open payments, retries parked webhooks, delivers
  // events, deletes what is kept no longer. Any number of threads and processes may call it at
  // once.
  //
  // Deadlines and money come before events; stores and kinds of work take turns. After two seconds
  // it begins no more pieces, but for one that waits for a service that has been slow. A piece
  // lasts as long as the call that it makes, and what comes after it on this thread waits: run the
  // parts on threads of their own (Worker does), and a mail server that hangs delays only mail.
  // With nothing due it only reads.
  //
  // A piece that fails is logged and due again later. An error ends the run; what was done before
  // it stays done. invalid_request: `limit` is below 1.
  // Errors: invalid_request, invalid_state, busy, outcome_unknown, storage.
  Result<DueWork> run_due_work(std::int64_t limit = 1000, DueWorkPart part = DueWorkPart::all);

  // Copies the database to a new file at `path`, while the shop sells: what was confirmed before
  // the call is in it. It is made under another name beside `path`, brought to the disk, checked
  // (as SQLite checks itself, and every reference), and then gets its name; only the owner may read
  // it. A failure leaves nothing behind. A shop in memory can be copied, too. Steps: "copy" and
  // "check", in pages.
  //
  // conflict: a file of this name, or one that SQLite would take for a part of it, is there; none
  // is overwritten. invalid_request: no file can be made there. storage: no space, or the database
  // is damaged. An error of `progress` is returned as it is.
  // Errors: invalid_request, invalid_state, conflict, busy, storage.
  Result<Backup> backup(const std::string& path, const ProgressFunction& progress = {});

  // Whether the database is sound: the file, its references, and the rules that stock, orders and
  // money obey. Reads only, while the shop sells, and holds no snapshot for long. What is wrong is
  // in the report; an error means that it could not be found out, or that `progress` stopped it.
  // Steps: "file" counts tables, "stores" what they hold.
  // Errors: invalid_state, busy, storage.
  Result<CheckReport> check(const ProgressFunction& progress = {});

  // Encrypts anew, with the current key (ShopOptions::secret_key_id), all that is encrypted with
  // another one, in short transactions while the shop sells. Says what still uses which key: one
  // that nothing uses can be left out of secret_keys. While other processes have the shop open with
  // another current key, it may come into use again. Step: "seal", in things.
  //
  // invalid_state: the shop was opened without keys. What was encrypted anew before an error stays
  // so: call it again. An error of `progress` is returned as it is.
  // Errors: invalid_state, busy, outcome_unknown, storage.
  Result<KeyRotation> rotate_keys(const ProgressFunction& progress = {});

  // The database engine that the shop runs on.
  EngineInfo engine() const;

  // The ports in use, the host's or the built-in ones.
  Clock& clock() noexcept;
  Log& log() noexcept;

 private:
  struct Parts;
  explicit Shop(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

// Runs due work on threads of its own, one for each part, until it is destroyed. What fails is
// logged and tried again. The shop must outlive it.
class Worker {
 public:
  // Each thread looks for work every `interval_ms`, and at once while more is due. Throws
  // std::system_error if the system has no more threads.
  explicit Worker(Shop& shop, std::int64_t interval_ms = 250);
  // Waits for the calls of run_due_work() under way.
  ~Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

 private:
  struct State;
  std::unique_ptr<State> state_;
  std::vector<std::thread> threads_;
};

}  // namespace resys
