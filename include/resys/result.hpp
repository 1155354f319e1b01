// Result<T>: a value or an Error. `.value()` throws resys::Exception, so one function serves
// callers who test and callers who catch.
#pragma once

#include <boost/outcome/basic_result.hpp>
#include <boost/outcome/policy/base.hpp>
#include <boost/outcome/success_failure.hpp>
#include <boost/outcome/try.hpp>
#include <boost/version.hpp>
#include <type_traits>
#include <utility>

#include "resys/error.hpp"

namespace resys {

namespace detail {
struct ThrowException : BOOST_OUTCOME_V2_NAMESPACE::policy::base {
  template <class Impl>
  static constexpr void wide_value_check(Impl&& self) {
    if (!base::_has_value(std::forward<Impl>(self))) {
      throw Exception(base::_error(std::forward<Impl>(self)));
    }
  }
  template <class Impl>
  static constexpr void wide_error_check(Impl&& self) {
    if (!base::_has_error(std::forward<Impl>(self))) {
      throw Exception(Error(Errc::internal, "error() of a Result that holds a value"));
    }
  }
};
}  // namespace detail

template <class T>
class [[nodiscard]] Result
    : public BOOST_OUTCOME_V2_NAMESPACE::basic_result<T, Error, detail::ThrowException> {
  using Base = BOOST_OUTCOME_V2_NAMESPACE::basic_result<T, Error, detail::ThrowException>;

 public:
  using Base::Base;

  using Base::value;
  // Of a temporary it is the value itself, no reference into it: a range-based `for` over
  // `shop.orders().list(ada).value().items` keeps the value alive.
  T value() && requires(!std::is_void_v<T>) { return std::move(*this).Base::value(); }
};

// What a function that returns Result<void> returns when all is well.
inline auto success() { return BOOST_OUTCOME_V2_NAMESPACE::success(); }

}  // namespace resys

// RESYS_TRY(name, expression): declares `name` as the expression's value, or returns its error.
// RESYS_TRYV(expression): the same for a Result whose value is not needed.
// Both are several statements: in an `if` without braces they do not compile.
#if BOOST_VERSION >= 107500
#define RESYS_TRY(name, ...) BOOST_OUTCOME_TRY(auto name, __VA_ARGS__)
#else
#define RESYS_TRY(name, ...) BOOST_OUTCOME_TRY(name, __VA_ARGS__)
#endif
#define RESYS_TRYV(...) BOOST_OUTCOME_TRYV(__VA_ARGS__)
