using MbpoML.Numerics.Kernels;
using MbpoML.Numerics.Networks;
using MbpoML.Numerics.Torch;

namespace MbpoML.Dynamics.Homoscedastic.Fused;

/// <summary>The training steps for the CPU: gradients by hand, matrix products into memory that is there, everything between them in fused passes.</summary>
/// <remarks>
/// The same mathematics as <see cref="ReferenceHomoscedasticUpdate"/>, which is the one to read first; results differ by rounding only. No parameter is shared,
/// so a member takes all its steps before the next one begins: its weights, gradient and moments stay in the cache. Each member has draws of its own, so it
/// does not matter which thread takes it.
/// </remarks>
internal sealed class FusedHomoscedasticUpdate : IHomoscedasticUpdate
{
    private readonly HomoscedasticState _state;
    private readonly HomoscedasticWorkers _workers;
    private readonly HomoscedasticEnsembleTrainer.Options _options;
    private readonly Action<int> _learn;
    private readonly Half[] _halves;
    private readonly double[] _losses;
    private AdamPass[] _weightSteps = [], _noiseSteps = [];
    private FitRows? _rows;
    private StepRange _steps;
    private CancellationToken _cancellation;
    private int _next;

    /// <param name="state">Trained in place; stays the caller's.</param>
    /// <param name="workers">Threads and members; stay the caller's.</param>
    public FusedHomoscedasticUpdate(HomoscedasticState state, HomoscedasticWorkers workers)
    {
        (_state, _workers, _options) = (state, workers, state.Options);
        Half NewHalf() => new(state.Network.Shape, _options.BatchSize, _options.NoiseErrorLimit);
        _halves = [NewHalf(), NewHalf()];
        _losses = new double[state.Network.MemberCount];
        // Made once: a delegate a phase would be garbage a phase.
        _learn = Learn;
    }

    public double Run(FitRows rows, StepRange steps, CancellationToken cancellationToken)
    {
        (_rows, _steps, _cancellation, _next) = (rows, steps, cancellationToken, -1);
        if (_weightSteps.Length < steps.Count) (_weightSteps, _noiseSteps) = (new AdamPass[steps.Count], new AdamPass[steps.Count]);
        for (var step = 0; step < steps.Count; step++)
        {
            var factor = _options.RateFactor(steps.First + step, steps.Total);
            (_weightSteps[step], _noiseSteps[step]) = (_state.Weights.BeginStep(factor), _state.Noise.BeginStep(factor));
        }

        try
        {
            _workers.Run(_learn);
        }
        catch
        {
            // Some members have taken steps that others have not.
            _state.ResetOptimizers();
            throw;
        }
        finally
        {
            _state.Network.Changed();
            _rows = null;
        }

        var sum = 0.0;
        foreach (var loss in _losses) sum += loss;
        return sum / steps.Count / _losses.Length;
    }

    public void Dispose()
    {
        foreach (var half in _halves) half.Dispose();
    }

    private void Learn(int half)
    {
        for (var member = Interlocked.Increment(ref _next); member < _losses.Length; member = Interlocked.Increment(ref _next))
        {
            var loss = 0.0;
            for (var step = 0; step < _steps.Count; step++)
            {
                _cancellation.ThrowIfCancellationRequested();
                loss += Step(member, step, _halves[half]);
            }

            _losses[member] = loss;
        }
    }

    private double Step(int member, int step, Half memory)
    {
        var (parameters, pass, last) = (_workers.Members[member], memory.Pass, _state.Network.Shape.Layers - 1);
        _state.Draw(member, _rows!, memory.Rows, memory.Weights);
        memory.Gather(_rows!.Inputs.Floats());
        pass.Forward(parameters, memory.Input, _options.Dropout > 0 ? _state.Streams[member] : null);
        var outputs = _state.Network.Shape.Outputs;
        var logNoise = _state.Network.LogNoise.Floats().Slice(member * outputs, outputs);
        var loss = memory.Head.Backward(
            pass.Output.Values, parameters.Biases(last), logNoise, _rows.Targets.Floats(), memory.Rows, memory.Weights, memory.Gradient.Biases(last));
        pass.Backward(parameters, memory.Gradient, memory.Input);
        Move(member, step, memory);
        return loss;
    }

    private void Move(int member, int step, Half memory)
    {
        var shape = _state.Network.Shape;
        var gradient = memory.Gradient.Values;
        var factor = _options.RateFactor(_steps.First + step, _steps.Total);
        for (var layer = 0; layer < shape.Layers; layer++)
        {
            var (start, end) = (shape.WeightOffset(layer), shape.BiasOffset(layer) + shape.Out(layer));
            _state.Weights.StepRange(
                _weightSteps[step], (member * shape.ParameterCount) + start, gradient[start..end],
                kept: (float)(1 - (_options.LearningRate * factor * _options.DecayOf(layer))));
        }

        _state.Noise.StepRange(
            _noiseSteps[step], member * shape.Outputs, memory.Head.NoiseGradient,
            kept: (float)(1 - (_options.NoiseLearningRate * factor * _options.NoiseDecay)));
    }

    /// <summary>The memory of one thread.</summary>
    private sealed class Half(NetworkShape shape, int batch, double? errorLimit) : IDisposable
    {
        public NetworkPass Pass { get; } = new(shape, batch);

        public Matrix Input { get; } = new(batch, shape.Inputs);

        public LayerViews Gradient { get; } = LayerViews.Zeros(shape);

        public ConstantNoiseHead Head { get; } = new(shape.Outputs, errorLimit);

        public int[] Rows { get; } = new int[batch];

        public float[] Weights { get; } = new float[batch];

        public void Gather(ReadOnlySpan<float> inputs)
        {
            var values = Input.Values;
            for (var index = 0; index < Rows.Length; index++)
                inputs.Slice(Rows[index] * shape.Inputs, shape.Inputs).CopyTo(values[(index * shape.Inputs)..]);
        }

        public void Dispose()
        {
            Pass.Dispose();
            Input.Dispose();
            Gradient.Dispose();
        }
    }
}
