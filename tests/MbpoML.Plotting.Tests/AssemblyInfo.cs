// Pictures and tables are text in good part: test.sh runs all of these tests in further cultures.
[assembly: Category("Text")]
