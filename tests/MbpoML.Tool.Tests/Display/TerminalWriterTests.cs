using System.Text;
using MbpoML.Tool.Display;

namespace MbpoML.Tool.Tests.Display;

public class TerminalWriterTests
{
    [Test]
    public void A_terminal_that_is_closed_stops_nobody()
    {
        using var terminal = new Terminal();
        using var writer = new TerminalWriter(terminal);
        writer.WriteLine("seen");
        terminal.IsClosed = true;
        writer.WriteLine("not seen");
        writer.Write('x');
        writer.Flush();
        terminal.IsClosed = false;
        writer.Write("nor is this");
        Assert.That(terminal.Text.ToString(), Is.EqualTo($"seen{Environment.NewLine}"));
    }

    private sealed class Terminal : TextWriter
    {
        public StringBuilder Text { get; } = new();

        public bool IsClosed { get; set; }

        public override Encoding Encoding => Encoding.UTF8;

        public override void Write(char value) => _ = IsClosed ? throw new IOException("Input/output error") : Text.Append(value);
    }
}
