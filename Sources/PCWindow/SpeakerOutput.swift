#if Window
    import CSDL2
    import PCCore
    import PCHost

    /// The PC speaker on the host's sound device, which is opened when it is first needed.
    final class SpeakerOutput {
        private let sdl: SDL
        private var wave: SquareWave
        private var device: SDL_AudioDeviceID = 0
        private var hasFailed = false
        private static let rate = 44100
        /// Samples in the queue that keep the sound whole, and those above which no more are added.
        private static let lead = rate / 20
        private static let limit = rate / 5

        init(_ sdl: SDL, seconds: GuestSeconds) {
            self.sdl = sdl
            wave = SquareWave(seconds: seconds, sampleRate: Self.rate)
        }

        /// Plays what the guest did up to guest time `end`. Why the device cannot be opened, once.
        func play(_ tones: [HostLink.Tone], until end: GuestTime) -> String? {
            let isNeeded = wave.isSounding || tones.contains { $0.millihertz > 0 }
            let samples = wave.render(tones, until: end)
            guard isNeeded, !hasFailed, !samples.isEmpty else { return nil }
            if device == 0, let problem = open() { return problem }
            let queued = Int(sdl.GetQueuedAudioSize(device)) / 2
            if queued > Self.limit { return nil }
            if queued == 0 { queue([Int16](repeating: 0, count: Self.lead)) }
            queue(samples)
            return nil
        }

        func close() {
            if device != 0 { sdl.CloseAudioDevice(device) }
            device = 0
            hasFailed = true
        }

        private func open() -> String? {
            var wanted = SDL_AudioSpec()
            wanted.freq = Int32(Self.rate)
            wanted.format = SDL_AudioFormat(AUDIO_S16LSB)
            wanted.channels = 1
            wanted.samples = 1024
            if sdl.InitSubSystem(SDL_INIT_AUDIO) == 0 {
                device = sdl.OpenAudioDevice(nil, 0, &wanted, nil, 0)
            }
            guard device != 0 else {
                hasFailed = true
                return "no sound: \(sdl.complaint)"
            }
            sdl.PauseAudioDevice(device, 0)
            return nil
        }

        private func queue(_ samples: [Int16]) {
            _ = sdl.QueueAudio(device, samples, UInt32(samples.count * 2))
        }
    }
#endif
