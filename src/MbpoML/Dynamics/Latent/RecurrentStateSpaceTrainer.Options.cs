using MbpoML.Numerics;
using MbpoML.Numerics.Torch;

namespace MbpoML.Dynamics.Latent;

/// <content>The settings of the recurrent state-space model.</content>
public sealed partial class RecurrentStateSpaceTrainer
{
    /// <summary>
    /// The settings of the recurrent state-space model. The defaults are those of the paper, for frames of 64 by 64 pixels; source: the official code,
    /// google-research/planet (scripts/configs.py, models/rssm.py, networks/conv_ha.py).
    /// </summary>
    public sealed class Options
    {
        /// <summary>Units of h, the deterministic part of the state, which is the memory. Default: 200 (official model_size).</summary>
        public int DeterministicSize { get; set; } = 200;

        /// <summary>Dimensions of s, the part of the state that is drawn. Default: 30 (official state_size).</summary>
        public int StochasticSize { get; set; } = 30;

        /// <summary>Units of the hidden layers before the memory, and of prior and posterior. Default: 200 (official model_size).</summary>
        public int HiddenSize { get; set; } = 200;

        /// <summary>The least standard deviation of prior and posterior, which softplus is added to. Default: 0.1 (official min_stddev).</summary>
        public double LeastDeviation { get; set; } = 0.1;

        /// <summary>
        /// Filters of the first convolution that reads a frame, and of the last transposed one before the frame. Default: 32 (official conv_ha).
        /// </summary>
        public int FirstFilters { get; set; } = 32;

        /// <summary>
        /// Filters of the convolutions that read a frame, each with stride 2, no padding and ReLU. Default: null, as many layers as the frame bears, each with
        /// twice the filters of the one before it: 32, 64, 128 and 256 for the paper's frames, as in the official conv_ha.
        /// </summary>
        public IReadOnlyList<int>? EncoderFilters { get; set; }

        /// <summary>The side of the kernels of these convolutions, in pixels. Default: 4 (official conv_ha).</summary>
        public int EncoderKernel { get; set; } = 4;

        /// <summary>
        /// Units of the linear layer between state and decoder. Default: null, as many as the encoder has outputs (1024 for the paper's frames, as in the
        /// official conv_ha).
        /// </summary>
        public int? DecoderInputs { get; set; }

        /// <summary>
        /// Filters of the transposed convolutions that draw a frame, each with stride 2, no padding and ReLU. A last one, which has the channels of the frame,
        /// follows them. Default: null, half as many in each layer as in the one before it: 128, 64 and 32 for the paper's frames (official conv_ha).
        /// </summary>
        public IReadOnlyList<int>? DecoderFilters { get; set; }

        /// <summary>
        /// The sides of their kernels, in pixels. The kernel of the last layer is what the frame leaves. Default: null, so that 4 to 8 pixels are left: 5, 5
        /// and 6, which leave 6, for the paper's frames, as in the official conv_ha.
        /// </summary>
        public IReadOnlyList<int>? DecoderKernels { get; set; }

        /// <summary>Units of each hidden layer of the reward's network, with ReLU. Default: three of 300 (official feed_forward).</summary>
        public IReadOnlyList<int> RewardHiddenSizes { get; set; } = [300, 300, 300];

        /// <summary>How much the loss of the reward counts beside that of the frame. Default: 10 (official reward_scale).</summary>
        public double RewardScale { get; set; } = 10;

        /// <summary>How much the divergence of posterior and prior counts. Default: 1 (official divergence_scale).</summary>
        public double DivergenceScale { get; set; } = 1;

        /// <summary>
        /// The divergence of each step of each chunk that costs nothing, in nats. Default: 3 (official free_nats). Where small objects are lost, less of it
        /// with a smaller <see cref="DivergenceScale"/> keeps them.
        /// </summary>
        public double FreeNats { get; set; } = 3;

        /// <summary>Chunks of an update. Default: 50 (official batch_shape).</summary>
        public int BatchSize { get; set; } = 50;

        /// <summary>Steps of a chunk. The state is 0 at its start, wherever in an episode that is. Default: 50 (official batch_shape).</summary>
        public int ChunkLength { get; set; } = 50;

        /// <summary>Step size of Adam. Default: 0.001 (official learning_rate).</summary>
        public double LearningRate { get; set; } = 1e-3;

        /// <summary>
        /// Updates over which the step size grows to <see cref="LearningRate"/>, in proportion. Default: 200 (official schedule, whose 10,000 counts chunks).
        /// </summary>
        public int WarmUpUpdates { get; set; } = 200;

        /// <summary>
        /// What Adam adds to the root of the second moment. Default: 0.0001 (official epsilon). TensorFlow adds it before the correction of the bias, torch and
        /// MbpoML after it; after some thousand updates that is the same.
        /// </summary>
        public double AdamEpsilon { get; set; } = 1e-4;

        /// <summary>The largest Euclidean norm of a gradient; a longer one is shortened. Default: 1000 (official gradient_clipping).</summary>
        public double MaxGradientNorm { get; set; } = 1000;

        /// <summary>Decides first weights, chunks and draws. Default: null, from the run's seed.</summary>
        [MayChangeOnResume]
        public int? Seed { get; set; }

        /// <summary>Where the model stands and computes: "cpu", "cuda" or "cuda:1". Default: null, the trainer's, or the CPU.</summary>
        [MayChangeOnResume]
        public string? Device { get; set; }

        // Sizes whose products are numbers still.
        private const int Largest = 1 << 16;

        internal void Validate()
        {
            Check.Within(1, Largest, DeterministicSize);
            Check.Within(1, Largest, StochasticSize);
            Check.Within(1, Largest, HiddenSize);
            Check.Positive(LeastDeviation);
            Check.Within(1, Largest, FirstFilters);
            if (EncoderFilters is not null) Check.HiddenSizes(EncoderFilters);
            Check.AtLeast(2, EncoderKernel);
            if (DecoderInputs is { } inputs) Check.Within(1, Largest, inputs, nameof(DecoderInputs));
            if (DecoderFilters is not null) Check.HiddenSizes(DecoderFilters);
            if (DecoderKernels is not null) Check.HiddenSizes(DecoderKernels);
            if (DecoderKernels is not null && DecoderFilters is not null && DecoderKernels.Count != DecoderFilters.Count)
                throw new ArgumentException(
                    Invariant($"DecoderKernels has {DecoderKernels.Count} numbers, but DecoderFilters {DecoderFilters.Count}: give each layer one of both."),
                    nameof(DecoderKernels));
            Check.HiddenSizes(RewardHiddenSizes);
            Check.NotNegative(RewardScale);
            Check.NotNegative(DivergenceScale);
            Check.NotNegative(FreeNats);
            Check.AtLeast(1, BatchSize);
            Check.AtLeast(2, ChunkLength);
            Check.Positive(LearningRate);
            Check.AtLeast(0, WarmUpUpdates);
            Check.Positive(AdamEpsilon);
            Check.Positive(MaxGradientNorm);
            Devices.Validate(Device);
        }

        internal Options Copy()
        {
            var copy = (Options)MemberwiseClone();
            copy.EncoderFilters = EncoderFilters is null ? null : [.. EncoderFilters];
            copy.DecoderFilters = DecoderFilters is null ? null : [.. DecoderFilters];
            copy.DecoderKernels = DecoderKernels is null ? null : [.. DecoderKernels];
            copy.RewardHiddenSizes = [.. RewardHiddenSizes];
            return copy;
        }
    }
}
