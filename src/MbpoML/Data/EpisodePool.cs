using MbpoML.Environments;
using MbpoML.Numerics;
using MbpoML.Numerics.Random;
using MbpoML.Saving;

namespace MbpoML.Data;

/// <summary>
/// All episodes that were observed as pictures: each frame is kept once, as bytes, with the action that led to it and the reward that came with it. Chunks of
/// consecutive frames are drawn from them.
/// </summary>
/// <remarks>
/// Nothing is ever dropped. Memory is taken in blocks of up to 8 MiB as frames arrive. The episode that is under way belongs to the pool as far as it has come.
/// Pools with the same episodes give the same chunks for the same random stream. Not safe for concurrent use: a second thread gets an
/// <see cref="InvalidOperationException"/>.
/// </remarks>
public sealed partial class EpisodePool : ISaved
{
    private readonly ExclusiveUse _use = new(nameof(EpisodePool));
    private EpisodeStore _store;
    // The numbers of chunks that begin in the episodes up to each one, for the length that was drawn last.
    private long[] _chunksUpTo = [];

    /// <summary>Makes a pool without episodes.</summary>
    /// <param name="shape">The channels, rows and columns of a frame.</param>
    /// <param name="actionLength">Numbers of an action, at least 1.</param>
    /// <exception cref="ArgumentException">The shape was made by no constructor.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An action has fewer than 1 number.</exception>
    public EpisodePool(FrameShape shape, int actionLength)
    {
        (FrameShape, ActionLength) = (shape.Required(nameof(shape)), Check.AtLeast(1, actionLength));
        _store = new EpisodeStore(shape.Size, actionLength);
    }

    /// <summary>The sizes of a frame.</summary>
    public FrameShape FrameShape { get; }

    /// <summary>Numbers of an action.</summary>
    public int ActionLength { get; }

    /// <summary>All frames that it holds, the first ones of the episodes included.</summary>
    public int Frames => _store.Frames;

    /// <summary>The episodes, that under way included.</summary>
    public int Episodes => _store.Episodes.Count;

    /// <summary>The episodes that the task ended, rather than the clock or somebody who began another.</summary>
    public int TerminatedEpisodes => _store.Episodes.Count(episode => episode.End == EpisodeEnd.Terminated);

    /// <summary>The frames of the longest episode: a longer chunk cannot be drawn.</summary>
    public int LongestEpisode => _store.Episodes.Count == 0 ? 0 : _store.Episodes.Max(episode => episode.Frames);

    /// <summary>Begins an episode. One that is under way ends where it is.</summary>
    /// <param name="frame">The first frame, [channel, row, column].</param>
    /// <exception cref="ArgumentException">The frame has another length; the pool is then unchanged.</exception>
    public void Begin(ReadOnlySpan<byte> frame)
    {
        using var turn = _use.Enter();
        Check.Length(FrameShape.Size, frame.Length, nameof(frame));
        _store.Begin(frame);
    }

    /// <summary>Adds a step to the episode that is under way.</summary>
    /// <param name="action">The action that led to the frame, [action], environment units.</param>
    /// <param name="reward">The reward of the step.</param>
    /// <param name="frame">The frame after the step, [channel, row, column].</param>
    /// <param name="terminated">Whether the task ended with this step.</param>
    /// <param name="truncated">Only the clock ended the episode.</param>
    /// <exception cref="InvalidOperationException">No episode is under way.</exception>
    /// <exception cref="ArgumentException">A span has another length, or a number is not finite; the pool is then unchanged.</exception>
    public void Add(ReadOnlySpan<float> action, float reward, ReadOnlySpan<byte> frame, bool terminated, bool truncated)
    {
        using var turn = _use.Enter();
        if (!_store.IsUnderWay)
            throw new InvalidOperationException($"No episode is under way: call {nameof(Begin)} with the first frame, and again after each end.");
        Check.Length(ActionLength, action.Length, nameof(action));
        Check.Length(FrameShape.Size, frame.Length, nameof(frame));
        foreach (var value in action) Check.Finite(value, nameof(action));
        Check.Finite(reward);
        _store.Add(action, reward, frame);
        if (terminated || truncated) _store.End(terminated ? EpisodeEnd.Terminated : EpisodeEnd.Truncated);
    }

    /// <summary>The places at which a chunk of a length can begin, over all episodes.</summary>
    /// <param name="length">Frames of a chunk, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The length is below 1.</exception>
    public long CountChunks(int length)
    {
        using var turn = _use.Enter();
        return CountUpTo(Check.AtLeast(1, length));
    }

    /// <summary>
    /// Draws chunks of consecutive frames, uniformly with replacement over all places at which a chunk can begin. A chunk lies in one episode; an episode that
    /// is shorter than a chunk is never drawn from.
    /// </summary>
    /// <param name="batch">Receives the chunks; its length decides theirs.</param>
    /// <param name="random">The generator of all random numbers of the draw.</param>
    /// <exception cref="ArgumentException">The batch is of other frames or actions.</exception>
    /// <exception cref="InvalidOperationException">No episode is as long as a chunk.</exception>
    /// <exception cref="ObjectDisposedException">The batch was disposed.</exception>
    public void Draw(SequenceBatch batch, RandomSource random)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(random);
        using var turn = _use.Enter();
        batch.ThrowIfDisposed();
        if (batch.FrameShape != FrameShape || batch.ActionLength != ActionLength)
            throw new ArgumentException(
                Invariant($"batch has frames of {batch.FrameShape} and actions of {batch.ActionLength}, but the pool's are {FrameShape} and {ActionLength}."),
                nameof(batch));
        var chunks = CountUpTo(batch.Length);
        if (chunks == 0)
            throw new InvalidOperationException(
                Invariant($"A chunk has {batch.Length} frames, but the longest of {Episodes} episodes has {LongestEpisode}: record longer ones, or draw ") +
                "shorter chunks.");
        for (var row = 0; row < batch.Batch; row++) Copy(FindStart(random.NextInt32((int)chunks)), row, batch);
        batch.Send();
    }

    // Frames are numbered by int, and so are the places of chunks.
    private long CountUpTo(int length)
    {
        var episodes = _store.Episodes;
        if (_chunksUpTo.Length < episodes.Count) _chunksUpTo = new long[Math.Max(episodes.Count, 2 * _chunksUpTo.Length)];
        var chunks = 0L;
        for (var index = 0; index < episodes.Count; index++) _chunksUpTo[index] = chunks += Math.Max(0, episodes[index].Frames - length + 1);
        return chunks;
    }

    // The number of the frame at which a chunk begins.
    private int FindStart(int chunk)
    {
        // The first episode up to which there are more chunks than that.
        var (place, last) = (0, Episodes - 1);
        while (place < last)
        {
            var middle = (place + last) / 2;
            if (_chunksUpTo[middle] > chunk) last = middle;
            else place = middle + 1;
        }

        return _store.Episodes[place].First + (chunk - (int)(place == 0 ? 0 : _chunksUpTo[place - 1]));
    }

    private void Copy(int first, int row, SequenceBatch batch)
    {
        var frames = batch.FrameBytes;
        var actions = batch.ActionValues;
        var rewards = batch.RewardValues;
        var size = FrameShape.Size;
        for (var step = 0; step < batch.Length; step++)
        {
            var (frame, place) = (first + step, (step * batch.Batch) + row);
            _store.Frame(frame).CopyTo(frames.Slice(place * size, size));
            _store.Action(frame).CopyTo(actions.Slice(place * ActionLength, ActionLength));
            rewards[place] = _store.Reward(frame);
        }
    }
}
