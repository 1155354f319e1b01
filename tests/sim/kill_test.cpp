// Shops that are killed at random moments while many buy, and shops whose file others copy, read
// and close meanwhile: what was acknowledged is there, what the processor has taken is ordered, and
// stock and money add up.
#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <random>
#include <set>
#include <thread>

#include "support/at_once.hpp"
#include "support/buying_shop.hpp"
#include "support/child_process.hpp"
#include "support/copying_host.hpp"
#include "support/look.hpp"
#include "support/refusal.hpp"
#include "support/tier.hpp"

using namespace resys;
using namespace resys::test;

namespace {

constexpr int kClients = 12;
constexpr std::int64_t kUnits = 1'000'000;

// What clients were told, a line each: "placed NUMBER" or "paid NUMBER". A line that was written
// survives the kill of its writer.
class Acknowledgments {
 public:
  explicit Acknowledgments(std::string file) : file_(std::move(file)) {}

  void open() { descriptor_ = ::open(file_.c_str(), O_WRONLY | O_APPEND | O_CREAT, 0600); }
  bool write(const std::string& line) const {
    const std::string whole = line + "\n";
    return ::write(descriptor_, whole.data(), whole.size()) == static_cast<ssize_t>(whole.size());
  }
  std::vector<std::string> lines() const {
    std::vector<std::string> found;
    std::ifstream in(file_);
    for (std::string line; std::getline(in, line);) found.push_back(line);
    return found;
  }

 private:
  const std::string file_;
  int descriptor_ = -1;
};

const char* card_of(std::uint64_t random) {
  constexpr const char* cards[] = {"4242424242424242", "4242424242424242", "4000000000000002",
                                   "4000000000000259", "4000000000000119"};
  return cards[random % std::size(cards)];
}

// Buys until it is killed. Nothing but a decline or a lost answer may go wrong.
bool buy(Shop& shop, const BuyingShop& world, const Acknowledgments& told, const Caller& caller,
         const char* card) {
  shop.cart().add_item(caller, {.sku = "TEA", .quantity = 2}).value();
  shop.checkout()
      .set_addresses(caller,
                     {.shipping_address = BuyingShop::address(), .email = "ada@example.com"})
      .value();
  shop.checkout().select_shipping_method(caller, {world.post}).value();
  const auto placed = shop.checkout().place_order(caller, {world.card}).value();
  if (!told.write("placed " + placed.order.number)) return false;
  const auto paid = shop.test_payments().pay(caller, {placed.payment->client_secret, card, {}});
  if (paid.has_error()) {
    return paid.error().code() == Errc::payment_declined ||
           paid.error().code() == Errc::outcome_unknown;
  }
  if (paid.value().state != PaymentState::captured) return true;
  return told.write("paid " + placed.order.number);
}

// The process that is killed: a shop, its worker and its clients. Ends by itself only if something
// went wrong.
std::int64_t serve(const BuyingShop& world, Acknowledgments& told, std::int64_t round) {
  told.open();
  const auto shop = world.open_with_short_log().value();
  const Worker worker(*shop, 1);
  std::atomic<bool> is_wrong = false;
  std::vector<std::thread> clients;
  for (int client = 0; client < kClients; ++client) {
    clients.emplace_back([&, client] {
      std::mt19937_64 random(static_cast<std::uint64_t>(round * kClients + client));
      for (int order = 0; !is_wrong; ++order) {
        const std::string user =
            std::to_string(round) + "-" + std::to_string(client) + "-" + std::to_string(order);
        try {
          if (!buy(*shop, world, told, shopper(user), card_of(random()))) is_wrong = true;
        } catch (const std::exception& exception) {
          told.write(std::string("wrong ") + exception.what());
          is_wrong = true;
        }
      }
    });
  }
  for (std::thread& client : clients) client.join();
  return 1;
}

void check_acknowledged(BuyingShop& world, const std::vector<std::string>& lines,
                        std::set<std::string>& checked) {
  for (const std::string& line : lines) {
    if (!checked.insert(line).second) continue;
    INFO(line);
    const std::string what = line.substr(0, line.find(' '));
    REQUIRE((what == "placed" || what == "paid"));
    const auto order = world.shop->admin().orders().get(staff(), {line.substr(line.find(' ') + 1)});
    REQUIRE(order.has_value());
    if (what == "paid") CHECK(order.value().state == OrderState::complete);
    if (what == "placed") CHECK(order.value().placed_at);
  }
}

// The test processor's intents are its ledger: what it has taken, complete orders have paid. What
// is processing there is taken by now, for minutes have passed.
void check_money(const BuyingShop& world) {
  Look look(world.file);
  CHECK(look.number(R"sql(SELECT COUNT(*) FROM processor_note n
      WHERE (n.value LIKE 'state captured%' OR n.value LIKE 'state processing%')
        AND NOT EXISTS (SELECT 1 FROM payment p
        JOIN orders o ON o.store_id = p.store_id AND o.id = p.order_id AND o.payment_id = p.id
        WHERE p.store_id = n.store_id AND p.processor = n.processor
          AND p.external_id = n.note_key AND p.state = 'captured' AND o.state = 'Complete'))sql") ==
        0);
  CHECK(look.number("SELECT COUNT(*) FROM orders WHERE state = 'Complete'") ==
        look.number(R"sql(SELECT COUNT(*) FROM processor_note
            WHERE value LIKE 'state captured%' OR value LIKE 'state processing%')sql"));
  CHECK(look.number("SELECT COUNT(*) FROM processor_note") ==
        look.number("SELECT COUNT(*) FROM payment WHERE external_id IS NOT NULL"));
}

void check_nothing_is_open(BuyingShop& world, std::int64_t units) {
  Look look(world.file);
  CHECK(look.number("SELECT COUNT(*) FROM orders WHERE state IN ('Payment', 'Confirm')") == 0);
  CHECK(look.number("SELECT COUNT(*) FROM payment WHERE next_check_at IS NOT NULL") == 0);
  const Stock stock = world.stock("TEA");
  const std::int64_t complete = look.number("SELECT COUNT(*) FROM orders WHERE state = 'Complete'");
  CHECK(stock.reserved == 2 * complete);  // nothing is shipped
  CHECK(stock.on_hand == units);
}

// What was begun when a process was killed ends, one way or the other.
void settle_and_check(BuyingShop& world, std::int64_t units) {
  world.work();
  world.clock->advance(2 * kMicrosPerMinute);
  world.work();
  check_money(world);
  world.clock->advance(14 * kMicrosPerMinute);
  world.work();
  check_money(world);
  check_nothing_is_open(world, units);
}

// ---- several shops on one file

// The second program: it reads and closes, again and again. Where it is the last one that has the
// file open, it copies the log into it and deletes the log.
class OtherProgram {
 public:
  explicit OtherProgram(const BuyingShop& world)
      : stop_(world.directory.file("stop")), process_([this, &world] {
          const std::string command =
              "python3 -c \"" + std::string(kProgram) + "\" '" + world.file + "' '" + stop_ + "'";
          return static_cast<std::int64_t>(std::system(command.c_str()));
        }) {}
  // Whether it has always read what it should.
  bool end() {
    std::ofstream(stop_) << "now";
    return process_.answer() == 0;
  }

 private:
  static constexpr const char* kProgram =
      "import os, sqlite3, sys, time\n"
      "visits = 0\n"
      "seen = 0\n"
      "while not os.path.exists(sys.argv[2]):\n"
      "    shop = sqlite3.connect(sys.argv[1], timeout=30)\n"
      "    count = shop.execute('SELECT COUNT(*) FROM orders').fetchone()[0]\n"
      "    shop.close()\n"
      "    if count < seen:\n"
      "        sys.exit('orders are gone')\n"
      "    seen = count\n"
      "    visits += 1\n"
      "    time.sleep(0.002)\n"
      "sys.exit(0 if visits > 10 else 'too few visits')\n";

  const std::string stop_;
  ChildProcess process_;
};

Result<void> buy_two(Shop& shop, const BuyingShop& world, const Acknowledgments& told,
                     const Caller& caller) {
  RESYS_TRYV(shop.cart().add_item(caller, {.sku = "TEA", .quantity = 2}));
  RESYS_TRYV(shop.checkout().set_addresses(
      caller, {.shipping_address = BuyingShop::address(), .email = "ada@example.com"}));
  RESYS_TRYV(shop.checkout().select_shipping_method(caller, {world.post}));
  RESYS_TRY(placed, shop.checkout().place_order(caller, {world.card}));
  told.write("placed " + placed.order.number);
  RESYS_TRYV(shop.test_payments().pay(caller, {placed.payment->client_secret, kGoodCard}));
  told.write("paid " + placed.order.number);
  return success();
}

// resys goes no further, for something has happened to the files; the shop is to be opened again.
bool is_about_files(const Error& error) {
  return error.code() == Errc::outcome_unknown ||
         (error.code() == Errc::storage &&
          (error.fact("what") == "deleted" || error.fact("what") == "replaced"));
}

// Opens the shop, sells some, closes it, until all is sold. 0 if nothing went wrong.
std::int64_t sell_out(const BuyingShop& world, Acknowledgments& told, const std::string& name,
                      bool is_copied) {
  constexpr int kBuyers = 3;
  constexpr int kOrdersOfBuyer = 5;
  told.open();
  std::optional<CopyingHost> host;
  if (is_copied)
    host.emplace(world.file, world.directory.file("copy.db"), std::chrono::milliseconds(3));
  std::atomic<bool> is_sold_out = false;
  std::atomic<bool> is_wrong = false;
  const auto judge = [&](const Error& error) {
    if (error.code() == Errc::insufficient_stock) {
      is_sold_out = true;
    } else if (!is_about_files(error)) {
      told.write("wrong " + error.message());
      is_wrong = true;
    }
  };
  for (int round = 0; !is_sold_out && !is_wrong; ++round) {
    const auto shop = world.open_with_short_log();
    if (shop.has_error()) {
      judge(shop.error());
      continue;
    }
    at_once(kBuyers, [&](int buyer) {
      for (int i = 0; i < kOrdersOfBuyer; ++i) {
        const std::string user = name + "-" + std::to_string(round) + "-" + std::to_string(buyer) +
                                 "-" + std::to_string(i);
        const auto bought = buy_two(*shop.value(), world, told, shopper(user));
        if (bought.has_error()) return judge(bought.error());
      }
    });
  }
  return is_wrong ? 1 : 0;
}

// How often the log has begun anew (src/base/db/sqlite_mark.hpp).
std::int64_t logs_of(const BuyingShop& world) {
  return Look(world.file).number("PRAGMA user_version") / 2;
}

}  // namespace

TEST_CASE("a shop that is killed while twelve clients buy loses nothing", "[slow]") {
  BuyingShop world;
  world.shop->admin().stock().set(staff(), {.sku = "TEA", .on_hand = kUnits}).value();
  Acknowledgments told(world.directory.file("told"));
  std::set<std::string> checked;
  std::mt19937_64 random(std::random_device{}());
  const std::int64_t kills = by_tier(2, 40, 150);
  for (std::int64_t round = 0; round < kills; ++round) {
    world.shop.reset();
    const std::size_t before = told.lines().size();
    const std::size_t wanted = before + random() % 60;
    ChildProcess shop([&] { return serve(world, told, round); });
    while (told.lines().size() < wanted) {
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
      if (!told.lines().empty() && told.lines().back().starts_with("wrong")) break;
    }
    std::this_thread::sleep_for(std::chrono::microseconds(random() % 20'000));
    CHECK(shop.kill());

    CHECK(broken_invariants(world.file) == std::vector<std::string>{});
    world.shop = world.open();
    check_acknowledged(world, told.lines(), checked);
    settle_and_check(world, kUnits);
  }
  CHECK(checked.size() > static_cast<std::size_t>(kills));
}

TEST_CASE("a shop that was killed is not opened without its log, one that was closed is") {
  BuyingShop world;
  const std::string log = world.file + "-wal";
  const auto lose_log = [&] {
    for (const char* suffix : {"-wal", "-shm"}) std::filesystem::remove(world.file + suffix);
  };
  world.shop.reset();
  lose_log();
  world.shop = world.open();
  world.shop.reset();

  Acknowledgments told(world.directory.file("told"));
  ChildProcess selling([&]() -> std::int64_t {
    told.open();
    const auto shop = world.open();
    if (!buy_two(*shop, world, told, shopper())) return 1;
    for (;;) pause();
  });
  while (told.lines().size() < 2) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  REQUIRE(selling.kill());
  const std::string number = told.lines().back().substr(sizeof("paid"));
  std::filesystem::copy_file(log, world.directory.file("saved"));
  lose_log();
  const auto refused = Shop::open(world.options());
  CHECK(refusal(refused, Errc::storage).fact("what") == "missing");

  SECTION("the log is put back") {
    std::filesystem::copy_file(world.directory.file("saved"), log,
                               std::filesystem::copy_options::overwrite_existing);
    world.shop = world.open();
    CHECK(world.order(number).state == OrderState::complete);
  }
  SECTION("the loss is accepted") {
    ShopOptions options = world.options();
    options.database += "?lostLog=accept";
    world.shop = Shop::open(options).value();
    check_refused(world.shop->admin().orders().get(staff(), {number}), Errc::not_found, "number");
    CHECK(world.buy(shopper()).state == OrderState::complete);
    world.shop = world.open();
  }
}

TEST_CASE("shops on one file lose nothing to a copying host, another program and kills", "[slow]") {
  BuyingShop world;
  const std::int64_t kills = by_tier(5, 10, 300);
  const std::int64_t units = by_tier(400, 700, 40'000);
  world.count("TEA", units);
  world.shop.reset();
  const std::int64_t logs_before = logs_of(world);
  Acknowledgments told(world.directory.file("told"));
  OtherProgram other(world);
  ChildProcess copied([&] { return sell_out(world, told, "copied", true); });
  ChildProcess alone([&] { return sell_out(world, told, "alone", false); });
  std::mt19937_64 random(std::random_device{}());
  for (std::int64_t round = 0; round < kills; ++round) {
    const std::string name = "killed-" + std::to_string(round);
    ChildProcess killed([&] { return sell_out(world, told, name, random() % 2 == 0); });
    std::this_thread::sleep_for(std::chrono::milliseconds(random() % 300));
    killed.kill();
  }
  CHECK(copied.answer() == 0);
  CHECK(alone.answer() == 0);
  CHECK(other.end());

  CHECK(broken_invariants(world.file) == std::vector<std::string>{});
  world.shop = world.open();
  std::set<std::string> checked;
  check_acknowledged(world, told.lines(), checked);
  CHECK(checked.size() > static_cast<std::size_t>(units / 3));
  CHECK(world.stock("TEA").available == 0);
  settle_and_check(world, units);
  CHECK(logs_of(world) - logs_before > 50);
}
