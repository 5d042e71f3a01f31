#pragma warning disable CS1591
using MbpoML.Environments;
using MbpoML.Numerics.Random;
using MbpoML.Saving;
using static TorchSharp.torch;

namespace MbpoML.Data;

/// <summary>Episodes of frames.</summary>
public sealed class EpisodePool(FrameShape shape, int actionLength) : ISaved
{
    private readonly List<List<(byte[] Frame, float[] Action, float Reward)>> _episodes = [];

    public string Name => "episodes";

    public FrameShape FrameShape => shape;

    public int Frames => _episodes.Sum(episode => episode.Count);

    public void Begin(ReadOnlySpan<byte> frame) => _episodes.Add([(frame.ToArray(), new float[actionLength], 0)]);

    public void Add(ReadOnlySpan<float> action, float reward, ReadOnlySpan<byte> frame, bool terminated, bool truncated) =>
        _episodes[^1].Add((frame.ToArray(), action.ToArray(), reward));

    public void Draw(SequenceBatch batch, RandomSource random)
    {
        var (length, count) = ((int)batch.Frames.size(0), (int)batch.Frames.size(1));
        var candidates = _episodes.Where(episode => episode.Count >= length).ToArray();
        using var scope = NewDisposeScope();
        for (var row = 0; row < count; row++)
        {
            var episode = candidates[(int)(random.NextUInt64() % (ulong)candidates.Length)];
            var first = (int)(random.NextUInt64() % (ulong)(episode.Count - length + 1));
            for (var step = 0; step < length; step++)
            {
                var (frame, action, reward) = episode[first + step];
                batch.Frames[step, row].copy_(tensor(frame).view(shape.Channels, shape.Height, shape.Width));
                batch.Actions[step, row].copy_(tensor(action));
                batch.Rewards[step, row].copy_(tensor(reward));
            }
        }
    }

    public void Save(IStateWriter to)
    {
        to.Add("lengths", [.. _episodes.Select(episode => (long)episode.Count)]);
        to.Add("frames", [.. _episodes.SelectMany(episode => episode).SelectMany(step => step.Frame)]);
        to.Add("actions", [.. _episodes.SelectMany(episode => episode).SelectMany(step => step.Action.Append(step.Reward)).Select(value => (double)value)]);
    }

    public void Restore(IStateReader from)
    {
        var (lengths, frames, actions) = (from.Integers("lengths"), from.Bytes("frames"), from.Doubles("actions"));
        _episodes.Clear();
        var (size, at) = (shape.Channels * shape.Height * shape.Width, 0);
        foreach (var length in lengths)
        {
            _episodes.Add([]);
            for (var step = 0; step < length; step++, at++)
            {
                var numbers = actions.AsSpan(at * (actionLength + 1), actionLength + 1).ToArray().Select(value => (float)value).ToArray();
                _episodes[^1].Add((frames.AsSpan(at * size, size).ToArray(), numbers[..^1], numbers[^1]));
            }
        }
    }
}
