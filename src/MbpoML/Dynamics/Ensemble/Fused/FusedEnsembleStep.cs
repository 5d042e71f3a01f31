using System.Runtime.InteropServices;
using MbpoML.Numerics.Torch;
using static TorchSharp.torch;

namespace MbpoML.Dynamics.Ensemble.Fused;

/// <summary>
/// An imagined step on the CPU: rows are grouped by the member drawn for them and go through that one network in small blocks, whose memory stands until the
/// backward pass. The same mathematics as <see cref="ReferenceEnsembleStep"/>; results differ by rounding only. Once blocks are there, nothing is allocated.
/// </summary>
internal sealed class FusedEnsembleStep : EnsembleStep
{
    private readonly FusedWorkers _workers;
    private readonly Action<int> _forward, _backward;
    private readonly MemberBlocks _blocks = new(StepBlock.BlockRows);
    private readonly List<StepBlock> _memory = [];
    private readonly GaussianHead[] _heads;
    private readonly float[][] _drawnGradients;
    private Tensor? _observation, _action, _noise, _outcomeGradient;
    private int _next;

    /// <param name="model">As it is at the time of each step.</param>
    /// <param name="workers">Threads and the members; blocks are taken by whoever is free, which changes no result.</param>
    /// <param name="batch">Rows of each step.</param>
    public FusedEnsembleStep(EnsembleModel model, FusedWorkers workers, int batch)
        : base(model, batch)
    {
        var outputs = 1 + model.Layout.ObservationSize;
        (_workers, _heads, _drawnGradients) = (workers, [new(outputs), new(outputs)], [new float[outputs], new float[outputs]]);
        // Made once: a delegate a phase would be garbage a phase.
        (_forward, _backward) = (half => EachBlock(half, Forward), half => EachBlock(half, Backward));
    }

    protected override void Draw(Tensor observation, Tensor action, Tensor drawn, Tensor noise)
    {
        _blocks.Sort(MemoryMarshal.Cast<byte, long>(drawn.bytes), Model.Elites);
        while (_memory.Count < _blocks.Count) _memory.Add(new StepBlock(_workers.Shape));
        using var scope = NewDisposeScope();
        (_observation, _action, _noise) = (Dense(observation), Dense(action), Dense(noise));
        Run(_forward);
    }

    protected override void Differentiate(Tensor outcomeGradient)
    {
        using var scope = NewDisposeScope();
        _outcomeGradient = Dense(outcomeGradient);
        Run(_backward);
    }

    protected override void Free()
    {
        foreach (var block in _memory) block.Dispose();
        _memory.Clear();
    }

    private void Run(Action<int> phase)
    {
        _next = -1;
        _workers.Run(phase);
    }

    private void EachBlock(int half, Action<int, int> work)
    {
        for (var index = Interlocked.Increment(ref _next); index < _blocks.Count; index = Interlocked.Increment(ref _next)) work(index, half);
    }

    private void Forward(int index, int half)
    {
        var (block, memory, head) = (_blocks[index], _memory[index], _heads[half]);
        var (parameters, bounds) = (_workers.Members[block.Member], Model.Network.Values);
        var (observations, actions, outputs) = (Model.Layout.ObservationSize, Model.Layout.ActionSize, 1 + Model.Layout.ObservationSize);
        ReadOnlySpan<float> observation = _observation!.Floats(), action = _action!.Floats(), noise = _noise!.Floats();
        var outcome = Outcome.Floats();
        var units = new RowUnits(Model);
        var rows = _blocks.Rows(block);
        var input = memory.Input;
        foreach (var row in rows)
        {
            units.ToInput(observation.Slice(row * observations, observations), action.Slice(row * actions, actions), input);
            input = input[(observations + actions)..];
        }

        memory.Forward(parameters, rows.Length);
        head.Set(parameters.Biases(parameters.Count - 1), bounds.MinLogVariance.Floats(), bounds.MaxLogVariance.Floats());
        var output = memory.Output;
        foreach (var row in rows)
        {
            var drawn = outcome.Slice(row * outputs, outputs);
            head.DrawAndDifferentiate(output[..(2 * outputs)], noise.Slice(row * outputs, outputs), drawn);
            output = output[(2 * outputs)..];
            units.ToOutcome(drawn, observation.Slice(row * observations, observations));
        }
    }

    private void Backward(int index, int half)
    {
        var (block, memory, drawnGradient) = (_blocks[index], _memory[index], _drawnGradients[half]);
        var (observations, actions, outputs) = (Model.Layout.ObservationSize, Model.Layout.ActionSize, 1 + Model.Layout.ObservationSize);
        Span<float> outcomeGradient = _outcomeGradient!.Floats(), observation = ObservationGradient.Floats(), action = ActionGradient.Floats();
        var units = new RowUnits(Model);
        var rows = _blocks.Rows(block);
        var output = memory.Output;
        foreach (var row in rows)
        {
            units.ToDrawnGradient(outcomeGradient.Slice(row * outputs, outputs), drawnGradient);
            // The sample moves with the mean by as much, and with the raw log variance by what the forward pass left in its place.
            drawnGradient.CopyTo(output);
            for (var column = 0; column < outputs; column++) output[outputs + column] *= drawnGradient[column];
            output = output[(2 * outputs)..];
        }

        memory.Backward(_workers.Members[block.Member], rows.Length);
        var inputGradient = memory.InputGradient;
        foreach (var row in rows)
        {
            units.ToGradients(
                inputGradient[..(observations + actions)], outcomeGradient.Slice(row * outputs, outputs),
                observation.Slice(row * observations, observations), action.Slice(row * actions, actions));
            inputGradient = inputGradient[(observations + actions)..];
        }
    }

    private static Tensor Dense(Tensor value) => value.is_contiguous() ? value : value.contiguous();
}
