using MbpoML.Data;
using MbpoML.Environments;
using MbpoML.Training;

namespace MbpoML.Algorithms.PlaNet;

/// <summary>Puts the real episodes of a run into the pool of frames.</summary>
/// <param name="pool">Receives them.</param>
/// <param name="frames">The shape of the observations.</param>
/// <param name="actionSize">m</param>
internal sealed class FrameRecorder(EpisodePool pool, FrameShape frames, int actionSize) : IEpisodeSink
{
    private readonly byte[] _frame = new byte[frames.Size];
    private readonly float[] _action = new float[actionSize];

    public void Begin(ReadOnlySpan<double> observation) => pool.Begin(Bytes(observation));

    public void Check(ReadOnlySpan<double> next) => Bytes(next);

    public void Add(ReadOnlySpan<double> action, double reward, ReadOnlySpan<double> next, bool terminated, bool truncated)
    {
        for (var index = 0; index < _action.Length; index++) _action[index] = (float)action[index];
        pool.Add(_action, (float)reward, Bytes(next), terminated, truncated);
    }

    private ReadOnlySpan<byte> Bytes(ReadOnlySpan<double> observation)
    {
        try
        {
            frames.ToBytes(observation, _frame);
            return _frame;
        }
        catch (ArgumentException wrong)
        {
            throw new EnvironmentException($"The environment gave no picture: {wrong.Message}", wrong);
        }
    }
}
