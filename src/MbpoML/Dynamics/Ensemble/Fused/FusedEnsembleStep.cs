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
    private readonly FusedWorkers _members;
    private readonly Action _forward, _backward;
    private readonly MemberBlocks _blocks = new(StepBlock.BlockRows);
    private readonly List<StepBlock> _memory = [];
    private readonly GaussianHead _head;
    private readonly float[] _drawnGradient;
    private Tensor? _observation, _action, _noise, _outcomeGradient;

    /// <param name="model">As it is at the time of each step.</param>
    /// <param name="members">The members; their threads are left to the model, so that steps may go side by side on threads of the caller.</param>
    /// <param name="batch">Rows of each step.</param>
    public FusedEnsembleStep(EnsembleModel model, FusedWorkers members, int batch)
        : base(model, batch)
    {
        var outputs = 1 + model.Layout.ObservationSize;
        (_members, _head, _drawnGradient) = (members, new GaussianHead(outputs, model.Network.IsPoint), new float[outputs]);
        // Made once: a delegate a phase would be garbage a phase.
        (_forward, _backward) = (ForwardBlocks, BackwardBlocks);
    }

    protected override void Draw(Tensor observation, Tensor action, Tensor drawn, Tensor noise)
    {
        _blocks.Sort(MemoryMarshal.Cast<byte, long>(drawn.bytes), Model.Elites);
        while (_memory.Count < _blocks.Count) _memory.Add(new StepBlock(_members.Shape));
        using var scope = observation.is_contiguous() && action.is_contiguous() && noise.is_contiguous() ? null : NewDisposeScope();
        (_observation, _action, _noise) = (Dense(observation), Dense(action), Dense(noise));
        OneTorchThread.Run(_forward);
    }

    protected override void Differentiate(Tensor outcomeGradient)
    {
        using var scope = outcomeGradient.is_contiguous() ? null : NewDisposeScope();
        _outcomeGradient = Dense(outcomeGradient);
        OneTorchThread.Run(_backward);
    }

    protected override void Free()
    {
        base.Free();
        foreach (var block in _memory) block.Dispose();
        _memory.Clear();
    }

    private void ForwardBlocks()
    {
        for (var index = 0; index < _blocks.Count; index++) Forward(_blocks[index], _memory[index]);
    }

    private void BackwardBlocks()
    {
        for (var index = 0; index < _blocks.Count; index++) Backward(_blocks[index], _memory[index]);
    }

    private void Forward(MemberBlock block, StepBlock memory)
    {
        var (parameters, bounds) = (_members.Members[block.Member], Model.Network.Values);
        var (observations, actions, outputs) = (Model.Layout.ObservationSize, Model.Layout.ActionSize, 1 + Model.Layout.ObservationSize);
        ReadOnlySpan<float> observation = _observation!.Floats(), action = _action!.Floats(), noise = _noise!.Floats();
        var outcome = Outcome.Floats();
        var units = new RowUnits(Model.InputScale, Model.Codec);
        var rows = _blocks.Rows(block);
        var input = memory.Input;
        foreach (var row in rows)
        {
            units.ToInput(observation.Slice(row * observations, observations), action.Slice(row * actions, actions), input);
            input = input[(observations + actions)..];
        }

        memory.Forward(parameters, rows.Length);
        _head.Set(parameters.Biases(parameters.Count - 1), bounds.MinLogVariance.Floats(), bounds.MaxLogVariance.Floats());
        var output = memory.Output;
        foreach (var row in rows)
        {
            var drawn = outcome.Slice(row * outputs, outputs);
            _head.DrawAndDifferentiate(output[..(2 * outputs)], noise.Slice(row * outputs, outputs), drawn);
            output = output[(2 * outputs)..];
            units.ToOutcome(drawn, observation.Slice(row * observations, observations));
        }
    }

    private void Backward(MemberBlock block, StepBlock memory)
    {
        var (observations, actions, outputs) = (Model.Layout.ObservationSize, Model.Layout.ActionSize, 1 + Model.Layout.ObservationSize);
        Span<float> outcomeGradient = _outcomeGradient!.Floats(), observation = ObservationGradient.Floats(), action = ActionGradient.Floats();
        var units = new RowUnits(Model.InputScale, Model.Codec);
        var rows = _blocks.Rows(block);
        var output = memory.Output;
        foreach (var row in rows)
        {
            units.ToDrawnGradient(outcomeGradient.Slice(row * outputs, outputs), _drawnGradient);
            // The sample moves with the mean by as much, and with the raw log variance by what the forward pass left in its place.
            _drawnGradient.CopyTo(output);
            for (var column = 0; column < outputs; column++) output[outputs + column] *= _drawnGradient[column];
            output = output[(2 * outputs)..];
        }

        memory.Backward(_members.Members[block.Member], rows.Length);
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
