namespace MbpoML.Data;

/// <summary>The memory of a pool of episodes: frames in blocks, so that nothing is ever copied to grow, and actions and rewards in one row a frame.</summary>
/// <param name="frameSize">Bytes of a frame.</param>
/// <param name="actionLength">Numbers of an action.</param>
internal sealed class EpisodeStore(int frameSize, int actionLength)
{
    private const int BlockBytes = 8 << 20;

    private readonly List<byte[]> _blocks = [];
    // [frame, action and reward]
    private float[] _steps = [];

    /// <summary>Frames of a block.</summary>
    public int BlockFrames { get; } = Math.Max(1, BlockBytes / frameSize);

    /// <summary>The episodes in the order in which they began.</summary>
    public List<StoredEpisode> Episodes { get; } = [];

    /// <summary>Whether steps can be added to the last episode.</summary>
    public bool IsUnderWay { get; set; }

    /// <summary>All frames.</summary>
    public int Frames { get; private set; }

    /// <summary>Numbers of a row: an action and a reward.</summary>
    public int Width => actionLength + 1;

    /// <summary>Begins an episode.</summary>
    public void Begin(ReadOnlySpan<byte> frame)
    {
        Episodes.Add(new StoredEpisode(Frames, 0, EpisodeEnd.None));
        IsUnderWay = true;
        Append(frame).Clear();
    }

    /// <summary>Adds a frame to the last episode.</summary>
    public void Add(ReadOnlySpan<float> action, float reward, ReadOnlySpan<byte> frame)
    {
        var step = Append(frame);
        action.CopyTo(step);
        step[^1] = reward;
    }

    /// <summary>Ends the last episode.</summary>
    public void End(EpisodeEnd end)
    {
        Episodes[^1] = Episodes[^1] with { End = end };
        IsUnderWay = false;
    }

    /// <summary>A frame by its number.</summary>
    public ReadOnlySpan<byte> Frame(int number) => Room(number);

    /// <summary>The action that led to a frame.</summary>
    public ReadOnlySpan<float> Action(int number) => Step(number)[..^1];

    /// <summary>The reward that came with a frame.</summary>
    public float Reward(int number) => Step(number)[^1];

    /// <summary>Action and reward of a frame, [action and reward].</summary>
    public Span<float> Step(int number) => _steps.AsSpan(number * Width, Width);

    /// <summary>The blocks that frames stand in.</summary>
    public int Blocks => _blocks.Count;

    /// <summary>The frames of a block as far as they are there.</summary>
    public ReadOnlySpan<byte> Block(int number) => _blocks[number].AsSpan(0, Math.Min(BlockFrames, Frames - (number * BlockFrames)) * frameSize);

    private Span<float> Append(ReadOnlySpan<byte> frame)
    {
        var number = Frames;
        if (number == _blocks.Count * BlockFrames) _blocks.Add(new byte[BlockFrames * frameSize]);
        if (_steps.Length < checked((number + 1) * Width)) Array.Resize(ref _steps, Math.Max(64 * Width, 2 * _steps.Length));
        frame.CopyTo(Room(number));
        Frames++;
        Episodes[^1] = Episodes[^1] with { Frames = Episodes[^1].Frames + 1 };
        return Step(number);
    }

    private Span<byte> Room(int number)
    {
        var (block, place) = Math.DivRem(number, BlockFrames);
        return _blocks[block].AsSpan(place * frameSize, frameSize);
    }
}
