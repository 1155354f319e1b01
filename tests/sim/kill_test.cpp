// A shop that is killed at random moments while many buy: what was acknowledged is there, what the
// processor has taken is ordered, and stock and money add up.
#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <fstream>
#include <random>
#include <set>
#include <thread>

#include "support/buying_shop.hpp"
#include "support/child_process.hpp"
#include "support/look.hpp"
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
  shop.carts().add_item(caller, {.sku = "TEA", .quantity = 2}).value();
  shop.checkout()
      .set_addresses(caller,
                     {.shipping_address = BuyingShop::address(), .email = "ada@example.com"})
      .value();
  shop.checkout().select_shipping_method(caller, {world.post}).value();
  const auto placed = shop.checkout().place(caller, {world.card}).value();
  if (!told.write("placed " + placed.order.number)) return false;
  const auto paid = shop.payments().pay_test(caller, {placed.payment->client_secret, card, {}});
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
  const auto shop = world.open();
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
    const auto order = world.shop->orders().get_any(staff(), {line.substr(line.find(' ') + 1)});
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

void check_nothing_is_open(BuyingShop& world) {
  Look look(world.file);
  CHECK(look.number("SELECT COUNT(*) FROM orders WHERE state IN ('Payment', 'Confirm')") == 0);
  CHECK(look.number("SELECT COUNT(*) FROM payment WHERE next_check_at IS NOT NULL") == 0);
  const Stock stock = world.stock("TEA");
  const std::int64_t complete = look.number("SELECT COUNT(*) FROM orders WHERE state = 'Complete'");
  CHECK(stock.reserved == 0);
  CHECK(stock.on_hand == kUnits - 2 * complete);
}

}  // namespace

TEST_CASE("a shop that is killed while twelve clients buy loses nothing", "[slow]") {
  BuyingShop world;
  world.shop->inventory().set_stock(staff(), {.sku = "TEA", .on_hand = kUnits}).value();
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
    world.work();
    world.clock->advance(2 * kMicrosPerMinute);
    world.work();
    check_money(world);
    world.clock->advance(14 * kMicrosPerMinute);
    world.work();
    check_money(world);
    check_nothing_is_open(world);
  }
  CHECK(checked.size() > static_cast<std::size_t>(kills));
}
