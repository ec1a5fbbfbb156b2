"""A trace in words: numbers as text, arithmetic in digits, and sentences in English and Chinese, without markup."""
