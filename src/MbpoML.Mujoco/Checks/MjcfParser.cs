namespace MbpoML.Mujoco.Checks;

/// <summary>Reads XML exactly as TinyXML-2 does, which MuJoCo uses: what both did not read alike would pass the checks and still reach MuJoCo.</summary>
/// <remarks>
/// A parser that keeps to the standard would refuse models that load today: lines of hyphens in comments, ampersands and angle brackets in attributes, several
/// roots.
/// </remarks>
internal sealed class MjcfParser
{
    // Newer releases of TinyXML-2 stop at 500, older ones at 100.
    private const int MaxDepth = 500;

    private readonly string _text;
    private readonly string _file;
    private int _at;
    private int _line = 1;
    private int _lineAt;

    private MjcfParser(string text, string file)
    {
        var end = text.IndexOf('\0', StringComparison.Ordinal);
        (_text, _file) = (end < 0 ? text : text[..end], file);
    }

    private enum Ending
    {
        Open,
        Closed,
        Closing,
    }

    /// <summary>The first element at the top, or null where there is none.</summary>
    /// <param name="text">The whole file.</param>
    /// <param name="file">Its name, for messages.</param>
    /// <exception cref="MujocoException">It is not XML, or nested too deeply.</exception>
    public static MjcfElement? Parse(string text, string file) => new MjcfParser(text, file).Document();

    private MjcfElement? Document()
    {
        if (_text.StartsWith('\uFEFF')) _at = 1;
        MjcfElement? root = null;
        var open = new Stack<MjcfElement>();
        var (hasOther, isEmpty) = (false, true);
        while (SkipSpace())
        {
            isEmpty = false;
            var start = _at;
            if (Take("<?"))
            {
                if (hasOther) throw Error(start, "a declaration <? ... ?> may only stand at the beginning");
                SkipPast("?>", start);
                continue;
            }

            hasOther = true;
            if (Take("<!--")) SkipPast("-->", start);
            else if (Take("<![CDATA[")) SkipPast("]]>", start);
            else if (Take("<!")) SkipPast(">", start);
            else if (!Take("<")) SkipText(start);
            else
            {
                var (element, ending) = Tag(start);
                if (ending == Ending.Closing)
                {
                    // Behind an end without a beginning nothing is read any more.
                    if (!open.TryPop(out var opened)) return root;
                    if (opened.Name != element.Name)
                        throw Error(start, Invariant($"</{element.Name}> stands where <{opened.Name}> of line {opened.Line} should end"));
                    continue;
                }

                if (open.TryPeek(out var parent)) parent.Children.Add(element);
                else root ??= element;
                if (ending == Ending.Closed) continue;
                open.Push(element);
                if (open.Count > MaxDepth) throw Error(start, $"elements are nested more than {MaxDepth} deep");
            }
        }

        if (isEmpty) throw Error(_at, "it is empty");
        return open.TryPeek(out var last) ? throw Error(_at, Invariant($"<{last.Name}> of line {last.Line} does not end")) : root;
    }

    private (MjcfElement Element, Ending Ending) Tag(int start)
    {
        SkipSpace();
        var ending = Take("/") ? Ending.Closing : Ending.Open;
        var element = new MjcfElement(Name() ?? throw Error(start, "a name must follow '<'"), _file, Line(start));
        while (SkipSpace())
        {
            if (Take(">")) return (element, ending);
            if (Take("/>")) return (element, Ending.Closed);
            var at = _at;
            var name = Name() ?? throw Error(at, $"'{_text[at]}' does not belong into <{element.Name}>");
            SkipSpace();
            if (!Take("=")) throw Error(at, $"'=' is missing behind the attribute {name} of <{element.Name}>");
            SkipSpace();
            var quote = Take("\"") ? '"' : Take("'") ? '\'' : throw Error(at, $"the value of the attribute {name} of <{element.Name}> must stand in quotes");
            var end = _text.IndexOf(quote, _at);
            if (end < 0) throw Error(at, $"the value of the attribute {name} of <{element.Name}> does not end");
            var value = MjcfValue.Decode(_text.AsSpan(_at, end - _at)) ??
                throw Error(at, $"the attribute {name} of <{element.Name}> has an '&' that begins no entity; write &amp;");
            _at = end + 1;
            if (!element.TryAdd(name, value)) throw Error(at, $"<{element.Name}> has the attribute {name} twice");
        }

        throw Error(start, $"<{element.Name} is not closed by '>'");
    }

    private string? Name()
    {
        static bool IsStart(char c) => c >= 128 || char.IsAsciiLetter(c) || c is ':' or '_';
        var start = _at;
        if (_at == _text.Length || !IsStart(_text[_at])) return null;
        while (_at < _text.Length && (IsStart(_text[_at]) || char.IsAsciiDigit(_text[_at]) || _text[_at] is '.' or '-')) _at++;
        return _text[start.._at];
    }

    private bool Take(string what)
    {
        if (string.CompareOrdinal(_text, _at, what, 0, what.Length) != 0) return false;
        _at += what.Length;
        return true;
    }

    /// <summary>Whether anything but white space is left.</summary>
    private bool SkipSpace()
    {
        while (_at < _text.Length && _text[_at] is ' ' or (>= '\t' and <= '\r')) _at++;
        return _at < _text.Length;
    }

    private void SkipPast(string end, int start)
    {
        var found = _text.IndexOf(end, _at, StringComparison.Ordinal);
        if (found < 0) throw Error(start, $"what begins here does not end with {end}");
        _at = found + end.Length;
    }

    private void SkipText(int start)
    {
        _at = _text.IndexOf('<', _at);
        if (_at < 0) throw Error(start, "text stands behind the last element");
    }

    private MujocoException Error(int at, string what) =>
        new(
        Invariant($"MuJoCo does not accept {_file}: its content is not XML. In line {Line(at)}, {what}."));

    // Counted on from the last place that was asked for, which is not far.
    private int Line(int at)
    {
        if (at > _lineAt)
        {
            _line += _text.AsSpan(_lineAt, Math.Min(at, _text.Length) - _lineAt).Count('\n');
            _lineAt = at;
        }

        return _line;
    }
}
