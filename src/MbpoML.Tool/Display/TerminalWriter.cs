using System.Text;

namespace MbpoML.Tool.Display;

/// <summary>Writes to a terminal as long as there is one: where it was closed the run that writes must go on to its last checkpoint.</summary>
/// <param name="terminal">What is written to.</param>
internal sealed class TerminalWriter(TextWriter terminal) : TextWriter
{
    private volatile bool _isGone;

    public override Encoding Encoding => terminal.Encoding;

    public override void Write(char value) => Try(() => terminal.Write(value));

    public override void Write(char[] buffer, int index, int count) => Try(() => terminal.Write(buffer, index, count));

    public override void Write(string? value) => Try(() => terminal.Write(value));

    public override void Flush() => Try(terminal.Flush);

    private void Try(Action write)
    {
        if (_isGone) return;
        try
        {
            write();
        }
        catch (IOException)
        {
            // A terminal that fails once is closed; nobody looks on any more.
            _isGone = true;
        }
    }
}
