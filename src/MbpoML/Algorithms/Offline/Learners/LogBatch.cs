using MbpoML.Numerics.Kernels;
using MbpoML.Numerics.Random;
using MbpoML.Numerics.Scaling;
using MbpoML.Numerics.Torch;
using MbpoML.Policies.SoftActorCritic;
using MbpoML.Saving;
using static TorchSharp.torch;

namespace MbpoML.Algorithms.Offline.Learners;

/// <summary>
/// A log in the units of networks, with memory for one minibatch of it: observations standardised, actions scaled to [-1, 1], rewards scaled.
/// </summary>
internal sealed class LogBatch : ISaved, IDisposable
{
    private readonly int _observations, _actions;
    // [rows, observation + action], [rows, observation]
    private readonly Tensor _inputs, _next;
    private readonly float[] _reward, _continues;
    private readonly Tensor _indices;
    private readonly Generator _generator;

    /// <param name="log">Only read.</param>
    /// <param name="rows">The rows that minibatches are drawn from, int64; null: all.</param>
    /// <param name="batch">Rows of a minibatch.</param>
    /// <param name="discount">γ</param>
    /// <param name="rewardScale">What rewards are multiplied with.</param>
    /// <param name="standardizes">Whether observations get zero mean and unit variance over all rows.</param>
    /// <param name="seed">Decides the draws.</param>
    public LogBatch(OfflineLog log, Tensor? rows, int batch, double discount, double rewardScale, bool standardizes, int seed)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var layout = log.Layout;
        (_observations, _actions, Rows) = (layout.ObservationSize, layout.ActionSize, batch);
        Observations = new Standardizer(_observations, CPU);
        if (standardizes) Observations.FitTo(layout.Observation(log.Rows));
        var chosen = rows is null ? log.Rows : log.Rows.index_select(0, rows);
        using var scaling = new ActionScaling(log.ActionSpace, CPU);
        _inputs = cat([Observations.Apply(layout.Observation(chosen)), scaling.Scale(layout.Action(chosen)).Clamped(-1, 1)], 1).DetachFromDisposeScope();
        _next = Observations.Apply(layout.NextObservation(chosen)).DetachFromDisposeScope();
        _reward = layout.Reward(chosen).Times(rewardScale).data<float>().ToArray();
        _continues = layout.Terminated(chosen).neg().Plus(1).Times(discount).data<float>().ToArray();
        _indices = zeros(batch, ScalarType.Int64).DetachFromDisposeScope();
        _generator = new Generator((ulong)Seeds.Derive(seed, "minibatches"), CPU);
        (Observation, NextObservation) = (new Matrix(batch, _observations), new Matrix(batch, _observations));
        (Input, NextInput, DrawnInput) =
            (new Matrix(batch, _observations + _actions), new Matrix(batch, _observations + _actions), new Matrix(batch, _observations + _actions));
        (Action, Reward, Continues) = (new float[batch * _actions], new float[batch], new float[batch]);
    }

    public string Name => "minibatches";

    /// <summary>Rows of a minibatch.</summary>
    public int Rows { get; }

    /// <summary>Rows that minibatches are drawn from.</summary>
    public long Count => _inputs.size(0);

    /// <summary>How observations reach the networks; the identity where they are not standardised.</summary>
    public Standardizer Observations { get; }

    /// <summary>[batch, observation], standardised</summary>
    public Matrix Observation { get; }

    /// <summary>[batch, observation], standardised</summary>
    public Matrix NextObservation { get; }

    /// <summary>Observations with the logged actions: [batch, observation + action].</summary>
    public Matrix Input { get; }

    /// <summary>Next observations with the actions of <see cref="Fill"/>: [batch, observation + action].</summary>
    public Matrix NextInput { get; }

    /// <summary>Observations with the actions of <see cref="Fill"/>: [batch, observation + action].</summary>
    public Matrix DrawnInput { get; }

    /// <summary>[batch, action], row-major, in [-1, 1]</summary>
    public float[] Action { get; }

    /// <summary>[batch], scaled</summary>
    public float[] Reward { get; }

    /// <summary>γ (1 - terminated), [batch]</summary>
    public float[] Continues { get; }

    /// <summary>All observations, standardised, and actions in [-1, 1]: [rows, observation + action]; lent.</summary>
    public Tensor AllInputs => _inputs;

    /// <summary>All next observations, standardised: [rows, observation]; lent.</summary>
    public Tensor AllNext => _next;

    /// <summary>The number of the row in each place of the minibatch.</summary>
    public ReadOnlySpan<long> Drawn => System.Runtime.InteropServices.MemoryMarshal.Cast<byte, long>(_indices.bytes);

    /// <summary>Draws a minibatch, uniformly with replacement.</summary>
    public void Draw()
    {
        _indices.random_(0, Count, _generator);
        var inputs = _inputs.Floats();
        var next = _next.Floats();
        var drawn = Drawn;
        var observation = Observation.Values;
        var nextObservation = NextObservation.Values;
        var input = Input.Values;
        var width = _observations + _actions;
        for (var place = 0; place < Rows; place++)
        {
            var row = (int)drawn[place];
            var source = inputs.Slice(row * width, width);
            source.CopyTo(input[(place * width)..]);
            source[.._observations].CopyTo(observation[(place * _observations)..]);
            source[_observations..].CopyTo(Action.AsSpan(place * _actions));
            next.Slice(row * _observations, _observations).CopyTo(nextObservation[(place * _observations)..]);
            (Reward[place], Continues[place]) = (_reward[row], _continues[row]);
        }
    }

    /// <summary>Puts observations and actions beside each other, as critics read them.</summary>
    /// <param name="observations">[batch, observation]</param>
    /// <param name="actions">[batch, action], row-major</param>
    /// <param name="input">[batch, observation + action]</param>
    public void Fill(Matrix observations, ReadOnlySpan<float> actions, Matrix input)
    {
        var from = observations.Values;
        var to = input.Values;
        var width = _observations + _actions;
        for (var place = 0; place < Rows; place++)
        {
            from.Slice(place * _observations, _observations).CopyTo(to[(place * width)..]);
            actions.Slice(place * _actions, _actions).CopyTo(to[((place * width) + _observations)..]);
        }
    }

    /// <summary>The rows of the minibatch in another table of as many rows.</summary>
    /// <param name="table">[rows, width], contiguous</param>
    /// <param name="destination">[batch, width]</param>
    public void Gather(Tensor table, Matrix destination)
    {
        var from = table.Floats();
        var to = destination.Values;
        var drawn = Drawn;
        var width = (int)table.size(1);
        for (var place = 0; place < Rows; place++) from.Slice((int)drawn[place] * width, width).CopyTo(to[(place * width)..]);
    }

    public void Save(IStateWriter to) => SavedPart.Save(to, "random", _generator);

    public void Restore(IStateReader from) => SavedPart.Restore(from, "random", _generator);

    public void Dispose()
    {
        foreach (var part in (IDisposable[])[
            Observations, _inputs, _next, _indices, _generator, Observation, NextObservation, Input, NextInput, DrawnInput])
            part.Dispose();
    }
}
