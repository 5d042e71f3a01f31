using System.Threading.Channels;

namespace MbpoML.Dashboard.Watching;

/// <summary>A browser that watches: what it has not yet taken waits, and one that takes too little is let go, to come back and ask for everything.</summary>
internal sealed class Viewer
{
    private const int MostWaiting = 256;

    private readonly Channel<byte[]> _messages = Channel.CreateBounded<byte[]>(MostWaiting);

    /// <summary>The messages that it takes, until it is let go.</summary>
    public ChannelReader<byte[]> Messages => _messages.Reader;

    /// <summary>Tells it something.</summary>
    public void Tell(byte[] message)
    {
        if (!_messages.Writer.TryWrite(message)) LetGo();
    }

    /// <summary>Ends its stream.</summary>
    public void LetGo() => _messages.Writer.TryComplete();
}
