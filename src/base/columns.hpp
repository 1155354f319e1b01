// The columns of a row are listed once. From this list, the texts of its statements are made at
// compile time. At run time, rows are read and written by it.
//
//   constexpr auto kProduct = columns(column("id", &Product::id), column("slug", &Product::slug));
//
//   static constexpr db::Sql kFind = sql<R"sql(SELECT {columns} FROM product
//       WHERE store_id = $1 AND slug = $2)sql", kProduct>;
//   tx.first<Product>(kFind, {store, slug}, kProduct);
//
// In the text of a statement these words stand for all columns of its list:
//
//   {columns}     id, slug
//   {p.columns}   p.id, p.slug
//   {values 3}    $3, $4
//   {sets 3}      id = $3, slug = $4
//   {changes 3}   id = COALESCE($3, id), slug = COALESCE($4, slug); {p.changes 3} compares p.id
#pragma once

#include <algorithm>
#include <array>
#include <forward_list>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "base/actor.hpp"
#include "base/db/database.hpp"
#include "base/text_list.hpp"

namespace resys::rows {

// ---- lists

template <class Row, class Value>
struct Column {
  std::string_view name;
  Value Row::*member;
  bool is_nullable;  // an empty value is NULL
};

template <class Row, class Value>
constexpr Column<Row, Value> column(std::string_view name, Value Row::*member) {
  return {name, member, false};
}

// An empty text, id or currency is NULL. (An empty std::optional always is.)
template <class Row, class Value>
constexpr Column<Row, Value> nullable(std::string_view name, Value Row::*member) {
  return {name, member, true};
}

// Values that one column holds as text.
template <class Value>
void read_column(db::Columns& in, Value& out) {
  in >> out;
}
inline void read_column(db::Columns& in, Pairs& out) {
  std::string text;
  in >> text;
  out = decode_pairs(text);
}
inline void read_column(db::Columns& in, std::vector<std::string>& out) {
  std::string text;
  in >> text;
  out = decode_list(text);
}
inline void read_column(db::Columns& in, std::optional<std::vector<std::string>>& out) {
  std::optional<std::string> text;
  in >> text;
  out = text ? std::optional(decode_list(*text)) : std::nullopt;
}
inline void read_column(db::Columns& in, std::optional<std::vector<Currency>>& out) {
  std::optional<std::string> text;
  in >> text;
  out = text ? std::optional(decode_currencies(*text)) : std::nullopt;
}
inline void read_column(db::Columns& in, std::vector<TaxLine>& out) {
  std::string text;
  in >> text;
  out = decode_taxes(text);
}
inline void read_column(db::Columns& in, std::vector<DiscountLine>& out) {
  std::string text;
  in >> text;
  out = decode_discounts(text);
}
inline void read_column(db::Columns& in, std::vector<PromotionTier>& out) {
  std::string text;
  in >> text;
  out = decode_promotion_tiers(text);
}
inline void read_column(db::Columns& in, std::vector<std::int64_t>& out) {
  std::string text;
  in >> text;
  out = decode_numbers(text);
}
template <class Tag>
void read_column(db::Columns& in, std::vector<Id<Tag>>& out) {
  std::string text;
  in >> text;
  out.clear();
  for (const std::string& item : decode_list(text)) out.push_back(Id<Tag>::parse(item).value());
}
inline void read_column(db::Columns& in, std::vector<VariantPrice>& out) {
  std::string text;
  in >> text;
  out = decode_prices(text);
}
inline void read_column(db::Columns& in, std::vector<ShippingTier>& out) {
  std::string text;
  in >> text;
  out = decode_shipping_tiers(text);
}
inline void read_column(db::Columns& in, ActorRef& out) {
  std::string text;
  in >> text;
  out = text.empty() ? ActorRef() : decode_actor(text);
}

template <class Row, class... Values>
struct ColumnList {
  std::tuple<Column<Row, Values>...> all;

  constexpr std::array<std::string_view, sizeof...(Values)> names() const {
    return std::apply([](const auto&... each) { return std::array{each.name...}; }, all);
  }
  void operator()(db::Columns& in, Row& out) const {
    std::apply([&](const auto&... each) { (read_column(in, out.*each.member), ...); }, all);
  }
};

template <class Row, class... Values>
constexpr ColumnList<Row, Values...> columns(const Column<Row, Values>&... all) {
  return {{all...}};
}

template <class Row, class... First, class... Second>
constexpr ColumnList<Row, First..., Second...> operator+(const ColumnList<Row, First...>& first,
                                                         const ColumnList<Row, Second...>& second) {
  return {std::tuple_cat(first.all, second.all)};
}

// ---- what is written

// A statement's parameters: some values, then the columns of rows. They must not be kept, because
// their texts belong to the rows.
class Parameters {
 public:
  template <class... Values>
  explicit Parameters(const Values&... values) {
    (push(db::Value(values)), ...);
  }
  // A copy would refer to the texts of the first one.
  Parameters(const Parameters&) = delete;
  Parameters& operator=(const Parameters&) = delete;

  template <class Row, class... Values>
  Parameters& add(const ColumnList<Row, Values...>& list, const Row& row) {
    std::apply([&](const auto&... each) { (push(row.*each.member, each.is_nullable), ...); },
               list.all);
    return *this;
  }

  operator db::Values() const { return std::span<const db::Value>(values_.data(), size_); }

 private:
  static constexpr std::size_t kMost = 32;

  void push(const db::Value& value) { values_.at(size_++) = value; }

  template <class Value>
  void push(const Value& value, bool is_nullable) {
    if constexpr (requires { value.empty(); }) {
      if (is_nullable && value.empty()) return push(db::Value(std::nullopt));
    }
    push(db::Value(value));
  }
  void push(const Pairs& value, bool) { push_text(encode_pairs(value)); }
  void push(const std::vector<std::string>& value, bool) { push_text(encode_list(value)); }
  void push(const std::vector<TaxLine>& value, bool) { push_text(encode_taxes(value)); }
  void push(const std::vector<DiscountLine>& value, bool) { push_text(encode_discounts(value)); }
  void push(const std::vector<PromotionTier>& value, bool) {
    push_text(encode_promotion_tiers(value));
  }
  void push(const std::vector<std::int64_t>& value, bool) { push_text(encode_numbers(value)); }
  template <class Tag>
  void push(const std::vector<Id<Tag>>& value, bool) {
    std::vector<std::string> items;
    for (const Id<Tag>& id : value) items.push_back(std::string(id.text()));
    push_text(encode_list(items));
  }
  void push(const std::vector<VariantPrice>& value, bool) { push_text(encode_prices(value)); }
  void push(const std::vector<ShippingTier>& value, bool) {
    push_text(encode_shipping_tiers(value));
  }
  void push(const std::optional<Pairs>& value, bool) {
    value ? push_text(encode_pairs(*value)) : push(db::Value(std::nullopt));
  }
  void push(const std::optional<std::vector<std::string>>& value, bool) {
    value ? push_text(encode_list(*value)) : push(db::Value(std::nullopt));
  }
  void push(const std::optional<std::vector<Currency>>& value, bool) {
    value ? push_text(encode_currencies(*value)) : push(db::Value(std::nullopt));
  }
  void push(const ActorRef& value, bool) { push_text(encode_actor(value)); }
  void push_text(std::string text) { push(db::Value(texts_.emplace_front(std::move(text)))); }

  std::array<db::Value, kMost> values_;
  std::size_t size_ = 0;
  std::forward_list<std::string> texts_;
};

// ---- the texts of statements

template <std::size_t Size>
struct Literal {
  char letters[Size];
  constexpr Literal(const char (&text)[Size]) { std::copy_n(text, Size, letters); }
  constexpr std::string_view view() const { return {letters, Size - 1}; }
};

// Writes to `out`, or only counts if it is null.
class StatementText {
 public:
  constexpr explicit StatementText(char* out) : out_(out) {}
  constexpr std::size_t size() const { return size_; }

  template <std::size_t Count>
  constexpr void expand(std::string_view text, const std::array<std::string_view, Count>& names) {
    for (;;) {
      const std::size_t open = std::min(text.find('{'), text.size());
      put(text.substr(0, open));
      if (open == text.size()) return;
      const std::size_t close = text.find('}');
      const std::string_view word = text.substr(open + 1, close - open - 1);
      text.remove_prefix(close + 1);
      for (std::size_t i = 0; i < Count; ++i) {
        if (i > 0) put(", ");
        put_column(word, names[i], i);
      }
    }
  }

 private:
  constexpr void put(std::string_view text) {
    for (const char letter : text) {
      if (out_ != nullptr) out_[size_] = letter;
      ++size_;
    }
  }
  constexpr void put_parameter(std::size_t number) {
    char digits[] = {'$', static_cast<char>('0' + number / 10),
                     static_cast<char>('0' + number % 10)};
    if (number < 10) digits[1] = digits[2];
    put({digits, number < 10 ? std::size_t{2} : std::size_t{3}});
  }
  constexpr void put_column(std::string_view word, std::string_view name, std::size_t index) {
    const std::size_t dot = word.find('.');
    const std::string_view table = dot == word.npos ? word.substr(0, 0) : word.substr(0, dot + 1);
    word.remove_prefix(table.size());
    const std::size_t blank = std::min(word.find(' '), word.size());
    std::size_t number = index;
    std::size_t first = 0;
    for (const char digit : word.substr(std::min(blank + 1, word.size()))) {
      first = first * 10 + static_cast<std::size_t>(digit - '0');
    }
    number += first;
    word = word.substr(0, blank);
    if (word == "columns") {
      put(table);
      put(name);
    } else if (word == "values") {
      put_parameter(number);
    } else if (word == "sets") {
      put(name);
      put(" = ");
      put_parameter(number);
    } else if (word == "changes") {
      put(name);
      put(" = COALESCE(");
      put_parameter(number);
      put(", ");
      put(table);
      put(name);
      put(")");
    } else {
      throw "a word that stands for nothing";  // so it does not compile
    }
  }

  char* out_;
  std::size_t size_ = 0;
};

template <Literal Text, const auto& List>
struct Statement {
  static constexpr std::size_t kSize = [] {
    StatementText counted(nullptr);
    counted.expand(Text.view(), List.names());
    return counted.size();
  }();
  static constexpr std::array<char, kSize + 1> kLetters = [] {
    std::array<char, kSize + 1> letters{};
    StatementText(letters.data()).expand(Text.view(), List.names());
    return letters;
  }();
};

template <Literal Text, const auto& List>
inline constexpr db::Sql sql{Statement<Text, List>::kLetters.data()};

}  // namespace resys::rows
