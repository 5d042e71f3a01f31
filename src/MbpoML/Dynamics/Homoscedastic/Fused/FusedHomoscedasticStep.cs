using MbpoML.Dynamics.Ensemble.Fused;
using MbpoML.Numerics.Kernels;
using MbpoML.Numerics.Networks;
using MbpoML.Numerics.Torch;
using static TorchSharp.torch;

namespace MbpoML.Dynamics.Homoscedastic.Fused;

/// <summary>
/// An imagined step on the CPU: each member takes its block of the rows forwards and backwards, in memory that stands until the backward pass. The same
/// mathematics as <see cref="ReferenceHomoscedasticStep"/>; results differ by rounding only.
/// </summary>
/// <remarks>It works on the calling thread, in memory of its own, so several steps may go on side by side. Once it is there, it allocates nothing.</remarks>
internal sealed class FusedHomoscedasticStep : DifferentiableStep
{
    private readonly HomoscedasticModel _model;
    private readonly LayerViews[] _members;
    private readonly TransposedWeights _transposed;
    private readonly BalancedDraw _draw;
    private readonly Matrix _input, _inputGradient;
    private readonly NetworkPass _pass;
    private readonly Block[] _blocks;
    private readonly float[] _outcome;
    private readonly Action _forward, _backward;
    private Tensor? _observation, _action, _outcomeGradient;

    /// <param name="model">As it is at the time of each step.</param>
    /// <param name="workers">Has the members.</param>
    /// <param name="batch">Rows of each step.</param>
    public FusedHomoscedasticStep(HomoscedasticModel model, HomoscedasticWorkers workers, int batch)
        : base(model.Layout, batch, model.Device)
    {
        var shape = model.Network.Shape;
        (_model, _members, _transposed) = (model, workers.Members, workers.Transposed);
        _draw = new BalancedDraw(model.EliteCount, batch, model.Layout.ObservationSize);
        (_input, _inputGradient, _pass) = (new Matrix(batch, shape.Inputs), new Matrix(batch, shape.Inputs), new NetworkPass(shape, batch));
        _outcome = new float[shape.Outputs];
        _blocks = [.. Enumerable.Range(0, _draw.Count).Select(block => new Block(_input, _pass, _inputGradient, _draw[block]))];
        // Made once: a delegate a pass would be garbage a pass.
        (_forward, _backward) = (ForwardOnOneThread, BackwardOnOneThread);
    }

    public override void Forward(Tensor observation, Tensor action, Generator generator)
    {
        _model.RequireAlive();
        BeginForward(observation, action);
        _draw.Draw(TensorCheck.Alive(generator));
        using var denseObservation = Dense(observation);
        using var denseAction = Dense(action);
        (_observation, _action) = (denseObservation ?? observation, denseAction ?? action);
        OneTorchThread.Run(_forward);
        (_observation, _action) = (null, null);
        EndForward();
    }

    protected override void Differentiate(Tensor outcomeGradient)
    {
        using var dense = Dense(outcomeGradient);
        _outcomeGradient = dense ?? outcomeGradient;
        OneTorchThread.Run(_backward);
        _outcomeGradient = null;
    }

    protected override void Free()
    {
        foreach (var block in _blocks) block.Dispose();
        _draw.Dispose();
        _input.Dispose();
        _inputGradient.Dispose();
        _pass.Dispose();
    }

    private void ForwardOnOneThread()
    {
        var (observations, actions, outputs) = (Layout.ObservationSize, Layout.ActionSize, 1 + Layout.ObservationSize);
        ReadOnlySpan<float> observation = _observation!.Floats(), action = _action!.Floats(), noise = _draw.Noise.Floats(),
            logNoises = _model.Network.LogNoise.Floats();
        Span<float> input = _input.Values, output = _pass.Output.Values, outcome = Outcome.Floats();
        var units = new RowUnits(_model.InputScale, _model.Codec);
        for (var row = 0; row < Batch; row++)
            units.ToInput(observation.Slice(row * observations, observations), action.Slice(row * actions, actions), input[(row * (observations + actions))..]);
        for (var block = 0; block < _blocks.Length; block++)
        {
            var memory = _blocks[block];
            var (member, start, count) = _draw[block];
            memory.Pass.Forward(_members[member], memory.Input);
            var drawn = new DrawnOutcome(_members[member], logNoises.Slice(member * outputs, outputs), _outcome);
            for (var row = start; row < start + count; row++)
            {
                var ofRow = outcome.Slice(row * outputs, outputs);
                drawn.Set(output.Slice(row * outputs, outputs), noise.Slice(row * observations, observations), ofRow);
                units.ToOutcome(ofRow, observation.Slice(row * observations, observations));
            }
        }
    }

    private void BackwardOnOneThread()
    {
        var (observations, actions, outputs) = (Layout.ObservationSize, Layout.ActionSize, 1 + Layout.ObservationSize);
        ReadOnlySpan<float> outcomeGradient = _outcomeGradient!.Floats();
        Span<float> output = _pass.Output.Values, input = _inputGradient.Values, observation = ObservationGradient.Floats(), action = ActionGradient.Floats();
        var units = new RowUnits(_model.InputScale, _model.Codec);
        // The noise does not depend on the input: an outcome moves with its mean alone.
        for (var row = 0; row < Batch; row++) units.ToDrawnGradient(outcomeGradient.Slice(row * outputs, outputs), output.Slice(row * outputs, outputs));
        var transposed = _transposed.Members();
        for (var block = 0; block < _blocks.Length; block++)
        {
            var (memory, number) = (_blocks[block], _draw[block].Member);
            var member = _members[number];
            memory.Pass.Backward(member, transposed[number]);
            memory.Pass.SetInputGradient(member.Weights(0), memory.InputGradient);
        }

        for (var row = 0; row < Batch; row++)
            units.ToGradients(
                input.Slice(row * (observations + actions), observations + actions), outcomeGradient.Slice(row * outputs, outputs),
                observation.Slice(row * observations, observations), action.Slice(row * actions, actions));
    }

    // Null where it is as it should be: a dispose scope a pass would be garbage a pass.
    private static Tensor? Dense(Tensor value) => value.is_contiguous() ? null : value.contiguous();

    /// <summary>The rows of one member, sharing the memory of all rows.</summary>
    private sealed class Block(Matrix input, NetworkPass pass, Matrix inputGradient, MemberRows rows) : IDisposable
    {
        public Matrix Input { get; } = input.Rows(rows.Start, rows.Count);

        public NetworkPass Pass { get; } = pass.Rows(rows.Start, rows.Count);

        public Matrix InputGradient { get; } = inputGradient.Rows(rows.Start, rows.Count);

        public void Dispose()
        {
            Input.Dispose();
            Pass.Dispose();
            InputGradient.Dispose();
        }
    }
}
