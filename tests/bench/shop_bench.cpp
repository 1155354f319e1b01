// Measures a shop in this process: `resys_bench FOLDER [--quick] [--only NAME]...`, run by
// tests/bench/run. Prints a figure a line as JSON. `--purchases N` only makes so many purchases,
// for a profiler to look on.
#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <iostream>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include "bench_shop.hpp"
#include "growth.hpp"
#include "measure.hpp"
#include "recorder.hpp"

namespace bench {
namespace {

namespace fs = std::filesystem;

struct Pairs {
  fs::path folder;
  bool quick = false;
  std::set<std::string> only{};
  std::int64_t purchases = 0;

  bool wants(const std::string& name) const { return only.empty() || only.count(name) > 0; }
  double seconds() const { return quick ? 3 : 8; }
};

fs::path fresh_copy(const fs::path& base) {
  const fs::path copy = base.parent_path() / "measured.db";
  for (const char* suffix : {"", "-wal", "-shm"}) fs::remove(copy.string() + suffix);
  fs::copy_file(base, copy);
  return copy;
}

// ---- purchases

// The steps of a purchase, each one measured command.
struct Step {
  const char* name;
  std::function<void(BenchShop&, std::int64_t)> run;
};

std::string buyer(std::int64_t i) { return "buyer-" + std::to_string(i); }
std::string first_sku(std::int64_t i) { return sku_of(static_cast<std::uint64_t>(2 * i)); }
std::string second_sku(std::int64_t i) { return sku_of(static_cast<std::uint64_t>(2 * i + 1)); }

// What each buyer's placement answered, for the webhook to come.
using Placements = std::vector<resys::Placement>;

std::vector<Step> steps_of(Placements& placed) {
  return {
      {"cart.addItem",
       [](BenchShop& shop, std::int64_t i) { shop.add_item(buyer(i), first_sku(i)); }},
      {"cart.addItem",
       [](BenchShop& shop, std::int64_t i) { shop.add_item(buyer(i), second_sku(i)); }},
      {"set_addresses", [](BenchShop& shop, std::int64_t i) { shop.set_addresses(buyer(i)); }},
      {"select_shipping", [](BenchShop& shop, std::int64_t i) { shop.select_shipping(buyer(i)); }},
      {"place_order",
       [&placed](BenchShop& shop, std::int64_t i) {
         placed[static_cast<std::size_t>(i)] = shop.place(buyer(i));
       }},
      {"webhook", [&placed](BenchShop& shop,
                            std::int64_t i) { shop.pay(placed[static_cast<std::size_t>(i)]); }},
  };
}

// One step of one buyer.
struct Command {
  std::size_t step;
  std::size_t buyer;
};

// The library's row changes: of each step, each buyer's bodies one after the other.
struct Recording {
  std::vector<std::vector<Body>> steps;
  std::vector<std::int64_t> statements;  // of each step, SELECTs and BEGINs too
  std::size_t buyers = 0;

  double statements_of(std::size_t step) const {
    return static_cast<double>(statements[step]) / static_cast<double>(buyers);
  }
  double row_changes_of(std::size_t step) const {
    std::size_t sum = 0;
    for (const Body& body : steps[step]) sum += body.size();
    return static_cast<double>(sum) / static_cast<double>(buyers);
  }

  std::size_t bodies_of(std::size_t step) const { return steps[step].size() / buyers; }
  std::size_t bodies_per_purchase() const {
    std::size_t sum = 0;
    for (std::size_t step = 0; step < steps.size(); ++step) sum += bodies_of(step);
    return sum;
  }
  // The bodies of the commands, in their order.
  std::vector<Body> of(const std::vector<Command>& commands) const {
    std::vector<Body> all;
    for (const auto& [step, buyer] : commands) {
      const std::size_t each = bodies_of(step);
      const auto first = steps[step].begin() + static_cast<std::ptrdiff_t>(buyer * each);
      all.insert(all.end(), first, first + static_cast<std::ptrdiff_t>(each));
    }
    return all;
  }
};

Recording record(const fs::path& base, int buyers) {
  Recorder recorder(Recorder::Keep::changes);
  Placements placed(static_cast<std::size_t>(buyers));
  BenchShop shop(fresh_copy(base));
  recorder.take_bodies();
  recorder.take_statement_count();
  Recording recording;
  recording.buyers = static_cast<std::size_t>(buyers);
  for (const Step& step : steps_of(placed)) {
    for (std::int64_t i = 0; i < buyers; ++i) step.run(shop, i);
    recording.steps.push_back(recorder.take_bodies());
    recording.statements.push_back(recorder.take_statement_count());
  }
  return recording;
}

struct PurchaseRound {
  double syncs = 0;
  Figure figure;
  double batch = 0;
  double ceiling = 0;
  double ratio() const { return figure.per_second / ceiling; }
};

// The raw engine makes the same purchases, in the order in which the shop was done with them.
PurchaseRound purchase_round(const Pairs& options, const fs::path& base, const Recording& recording,
                             int threads, std::size_t buyers) {
  PurchaseRound round{.syncs = fdatasyncs_per_second(options.folder, 1)};
  const auto bodies = static_cast<double>(recording.bodies_per_purchase());
  Placements placed(buyers);
  const std::vector<Step> steps = steps_of(placed);
  std::vector<Command> done(buyers * steps.size());
  std::atomic<std::size_t> done_count = 0;
  {
    Recorder recorder(Recorder::Keep::commits);
    BenchShop shop(fresh_copy(base));
    recorder.take_commits();
    const auto count = static_cast<std::int64_t>(buyers);
    round.figure = measure(threads, count, kForever, [&](std::int64_t i) {
      for (std::size_t step = 0; step < steps.size(); ++step) {
        steps[step].run(shop, i);
        done[done_count++] = {step, static_cast<std::size_t>(i)};
      }
    });
    round.batch =
        bodies * static_cast<double>(buyers) / static_cast<double>(recorder.take_commits());
  }
  round.ceiling = replay(fresh_copy(base), recording.of(done), round.batch) / bodies;
  return round;
}

void measure_purchases(const Pairs& options, const fs::path& base, const Recording& recording,
                       int threads) {
  // One thread is slower by as much.
  const std::size_t buyers = threads == 1 ? recording.buyers / 4 : recording.buyers;
  const auto round =
      middle_of([&] { return purchase_round(options, base, recording, threads, buyers); });
  print("checkout", threads, round.figure, round.ceiling,
        member("batch", round.batch) + member("fdatasyncsPerSecond", round.syncs) +
            member("ratioToFdatasync", round.figure.per_second / round.syncs));
}

// Each command by itself: one step of all buyers, then the next.
void measure_commands(const fs::path& base, const Recording& recording, int threads,
                      std::int64_t buyers) {
  Placements placed(static_cast<std::size_t>(buyers));
  const std::vector<Step> steps = steps_of(placed);
  std::vector<Figure> figures;
  std::vector<double> batches;
  std::vector<double> written_kb;
  {
    Recorder recorder(Recorder::Keep::commits);
    BenchShop shop(fresh_copy(base));
    for (std::size_t step = 0; step < steps.size(); ++step) {
      recorder.take_commits();
      const double before = written_by_process_kb();
      figures.push_back(
          measure(threads, buyers, kForever, [&](std::int64_t i) { steps[step].run(shop, i); }));
      written_kb.push_back((written_by_process_kb() - before) / static_cast<double>(buyers));
      batches.push_back(static_cast<double>(recording.bodies_of(step)) *
                        static_cast<double>(buyers) / static_cast<double>(recorder.take_commits()));
    }
  }
  const fs::path replayed = fresh_copy(base);
  for (std::size_t step = 0; step < steps.size(); ++step) {
    const double ceiling = replay(replayed, recording.steps[step], batches[step]) /
                           static_cast<double>(recording.bodies_of(step));
    // Of the two lines of a cart the second is the usual one: the cart is there.
    if (step == 0) continue;
    print(steps[step].name, threads, figures[step], ceiling,
          member("batch", batches[step]) + member("statements", recording.statements_of(step)) +
              member("rowChanges", recording.row_changes_of(step)) +
              member("writtenKB", written_kb[step]));
  }
}

// Everybody buys the same two things, against everybody buying something else. Here the ceiling is
// the spread-out rate.
void measure_hot_product(const Pairs& options, const fs::path& base) {
  constexpr int kThreads = 64;
  const auto rate = [&](bool hot) {
    BenchShop shop(fresh_copy(base));
    return measure(kThreads, kNoLimit, options.seconds(), [&](std::int64_t i) {
      const std::int64_t chosen = hot ? 0 : i;
      shop.purchase(buyer(i), first_sku(chosen), second_sku(chosen));
    });
  };
  const Figure spread_out = rate(false);
  print("hot_product", kThreads, rate(true), spread_out.per_second);
}

// A cart of two lines, of which there are many; the ceiling is the same statements on the raw
// engine.
void measure_reads(const Pairs& options, const fs::path& base) {
  constexpr std::int64_t kCarts = 1'000;
  constexpr std::int64_t kReads = 100'000;
  const fs::path file = fresh_copy(base);
  const auto buyer_of = [](std::int64_t i) { return buyer(i % kCarts); };
  std::vector<std::string> statements;
  {
    Recorder recorder(Recorder::Keep::statements);
    BenchShop shop(file);
    for (std::int64_t i = 0; i < kCarts; ++i) {
      shop.add_items(buyer(i), first_sku(i), second_sku(i));
    }
    shop.cart(buyer(0));
    recorder.take_statements();
    shop.cart(buyer(0));
    statements = recorder.take_statements();
  }
  BenchShop shop(file);
  const auto get = [&](std::int64_t i) { shop.cart(buyer_of(i)); };
  const auto handle = [&](std::int64_t i) {
    const resys::HttpResponse response = shop.shop().handle(
        {.user_id = buyer_of(i)}, {.method = "GET", .target = "/api/storefront/cart"});
    if (response.status != 200) throw std::runtime_error(response.body);
  };
  measure(1, kReads / 10, kForever, get);
  struct ReadRound {
    Figure one;
    Figure two;
    double ratio() const { return two.per_second / one.per_second; }
  };
  const auto [one, two] = middle_of([&] {
    return ReadRound{measure(1, kReads, options.seconds(), get),
                     measure(2, kReads, options.seconds(), get)};
  });
  print("cart.get", 1, one, replay_reads(file, statements, kReads));
  print("cart.get", 2, two, {},
        member("timesOneThread", two.per_second / one.per_second) +
            member("cartsSeenBefore", kCarts));
  const Figure handled = measure(1, kReads, options.seconds(), handle);
  print("handle cart.get", 1, handled, {}, member("addedUs", handled.p50_us - one.p50_us));
}

// A cart of 200 lines in a store with 50 promotions and 5 tax rates; the ceiling is the same cart
// in a store without any.
void measure_rules(const Pairs& options, const fs::path& base) {
  constexpr std::int64_t kLines = 200;
  struct Rates {
    Figure get;
    Figure change;
  };
  const auto measured = [&](bool has_rules) {
    BenchShop shop(fresh_copy(base));
    for (std::int64_t i = 0; i < kLines; ++i) {
      shop.add_item(buyer(0), sku_of(static_cast<std::uint64_t>(i)));
    }
    if (has_rules) shop.add_price_rules();
    const resys::LineItemId line = shop.cart(buyer(0)).line_items.front().id;
    const auto change = [&](std::int64_t i) { shop.change_item(buyer(0), line, 2 + i % 2); };
    const Figure changed = measure(1, kNoLimit, options.seconds(), change);
    return Rates{
        measure(1, kNoLimit, options.seconds(), [&](std::int64_t) { shop.cart(buyer(0)); }),
        changed};
  };
  struct RulesRound {
    Rates with;
    Rates without;
    double ratio() const { return with.change.per_second / without.change.per_second; }
  };
  const auto [with, without] = middle_of([&] {
    return RulesRound{measured(true), measured(false)};
  });
  print("rules cart.get", 1, with.get, without.get.per_second);
  print("rules cart.changeItem", 1, with.change, without.change.per_second);
}

Pairs parse(const std::vector<std::string>& arguments) {
  Pairs options;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    if (arguments[i] == "--quick") {
      options.quick = true;
    } else if (arguments[i] == "--only" && i + 1 < arguments.size()) {
      options.only.insert(arguments[++i]);
    } else if (arguments[i] == "--purchases" && i + 1 < arguments.size()) {
      options.purchases = std::stoll(arguments[++i]);
    } else if (options.folder.empty() && !arguments[i].starts_with("-")) {
      options.folder = arguments[i];
    } else {
      throw std::invalid_argument("usage: resys_bench FOLDER [--quick] [--only NAME]...");
    }
  }
  if (options.folder.empty()) throw std::invalid_argument("usage: resys_bench FOLDER ...");
  return options;
}

void make_purchases(BenchShop& shop, std::int64_t count) {
  Placements placed(static_cast<std::size_t>(count));
  const std::vector<Step> steps = steps_of(placed);
  for (std::int64_t i = 0; i < count; ++i) {
    for (std::size_t step = 0; step < steps.size(); ++step) {
      steps[step].run(shop, i);
      const bool is_filled = step == 1;
      if (is_filled) shop.cart(buyer(i));
    }
  }
}

void run(const Pairs& options) {
  const fs::path base = options.folder / "base.db";
  {
    BenchShop filled(base);
    if (options.purchases > 0) return make_purchases(filled, options.purchases);
  }
  const bool commands =
      options.wants("place_order") || options.wants("cart.addItem") || options.wants("webhook");
  if (commands || options.wants("checkout")) {
    const Recording recording = record(base, options.quick ? 2'000 : 4'000);
    const std::vector<int> threads =
        options.quick ? std::vector<int>{1, 16, 64} : std::vector<int>{1, 4, 16, 64};
    for (const int count : threads) {
      if (options.wants("checkout")) measure_purchases(options, base, recording, count);
      if (commands) measure_commands(base, recording, count, count == 1 ? 500 : 2'000);
    }
  }
  if (options.wants("cart.get")) measure_reads(options, base);
  if (options.wants("hot_product")) measure_hot_product(options, base);
  if (options.wants("rules")) measure_rules(options, base);
  if (options.wants("growth")) measure_growth(options.folder, options.quick ? 10'000 : 1'000'000);
}

}  // namespace
}  // namespace bench

int main(int argc, char** argv) {
  try {
    // As the demo shop does: SQLite's statistics of memory cost its threads a mutex each time.
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    bench::run(bench::parse({argv + 1, argv + argc}));
    return EXIT_SUCCESS;
  } catch (const std::exception& exception) {
    std::cerr << "resys_bench: " << exception.what() << '\n';
    return EXIT_FAILURE;
  }
}
